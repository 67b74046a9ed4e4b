/** C3: the shift function. What each arm saves against the baseline, at every percentile: where does reuse help? */
import type { ShiftPoint } from '../../../analysis/shift.js';
import { clip } from '../../text.js';
import { marker, type Mark } from '../marks.js';
import { html, px, raw, type Markup } from '../template.js';
import { label, LETTER, rule, type Size } from './drawing.js';
import { movedApart } from './labels.js';
import { differenceScale, roomForTicks, tickText } from './scales.js';

export interface Shift {
  readonly name: string;
  readonly mark: Mark;
  /** At least two. */
  readonly points: readonly ShiftPoint[];
}

/** The share of the width in which 0 to 90 lie; beyond, every nine has the same room. */
const BULK = 0.62;
const TICKS = [[0, '0'], [0.25, '25'], [0.5, '50'], [0.75, '75'], [0.9, '90'], [0.99, '99'], [0.999, '99.9']] as const;
const MARKED = [0.5, 0.9];

export function drawShift(shifts: readonly Shift[], { width, narrow }: Size): { height: number; body: Markup } {
  const height = narrow ? 260 : 320;
  const [top, bottom] = [24, height - 42];
  const nameLength = narrow ? 10 : 18;
  const bounds = shifts.flatMap(({ points }) => points.flatMap(({ estimateMs, band }) => [estimateMs, band?.lowMs ?? 0, band?.highMs ?? 0]));
  const y = differenceScale(Math.min(0, ...bounds), Math.max(0, ...bounds), bottom, top);
  const longest = Math.max(...shifts.map(({ name }) => Math.min(nameLength, name.length)));
  const [left, right] = [Math.max(narrow ? 38 : 54, roomForTicks(y)), width - Math.max(28, 26 + longest * LETTER)];
  const last = Math.max(...shifts.map(({ points }) => points.at(-1)?.quantile ?? 0.9), 0.95);
  const nines = -Math.log10(1 - last) - 1;
  const x = (quantile: number): number => left + (right - left) * (quantile <= 0.9 ? (quantile / 0.9) * BULK : BULK + ((-Math.log10(1 - quantile) - 1) / nines) * (1 - BULK));
  const ends = movedApart(shifts.map(({ points }) => y(points.at(-1)!.estimateMs)), 17, top, bottom);
  return {
    height,
    body: html`${y.ticks.map((tick) => [rule(left, y(tick), right, y(tick), tick === 0 ? 'axis' : 'grid'), label(tickText(tick), left - 8, y(tick) + 4, { anchor: 'end', soft: true })])}
${TICKS.filter(([quantile]) => quantile <= last + 1e-9).map(([quantile, text]) => [rule(x(quantile), top, x(quantile), bottom + 5), label(text, x(quantile), bottom + 20, { anchor: 'middle', soft: true })])}
${label('ms less than the baseline', narrow ? 2 : 8, 12, { soft: true })}${label(narrow ? 'percentile' : 'percentile (beyond 90 each nine has the same room)', right, height - 4, { anchor: 'end', soft: true })}
${shifts.map(({ points, mark }) => band(points, mark, x, y))}
${shifts.map(({ points, mark }) => html`<path class="${mark.className} line" d="${along(points.map(({ quantile, estimateMs }) => [x(quantile), y(estimateMs)]))}" fill="none" stroke="${mark.color}" stroke-width="2.5" stroke-linejoin="round"${mark.dash === 'none' ? null : html` stroke-dasharray="${mark.dash}"`}/>
${points.filter(({ quantile }) => MARKED.includes(quantile)).map(({ quantile, estimateMs }) => marker(mark, x(quantile), y(estimateMs)))}`)}
${shifts.map(({ name, points, mark }, index) => {
  const at = ends[index] ?? 0;
  const end = points.at(-1)!;
  return [rule(x(end.quantile) + 2, y(end.estimateMs), right + 6, at, 'leader'), marker(mark, right + 12, at), label(clip(name, nameLength), right + 20, at + 4, { bold: true })];
})}`,
  };
}

function band(points: readonly ShiftPoint[], { className, color }: Mark, x: (quantile: number) => number, y: (ms: number) => number): Markup | null {
  const banded = points.flatMap(({ quantile, band }) => (band ? [{ at: x(quantile), low: y(band.lowMs), high: y(band.highMs) }] : []));
  if (banded.length < 2) return null;
  const outline = along([...banded.map(({ at, high }) => [at, high] as const), ...banded.toReversed().map(({ at, low }) => [at, low] as const)]);
  return html`<path class="${className} solid" d="${outline}Z" fill="${color}" fill-opacity="0.2"/>`;
}

function along(points: readonly (readonly [number, number])[]): Markup {
  return raw(`M${points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}`);
}
