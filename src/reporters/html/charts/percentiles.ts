/** C2: the percentile curves. Latency against percentile on an axis that gives every nine the same room. */
import { line } from 'd3-shape';
import { Histogram } from '../../../measure/histogram.js';
import { nsToMs } from '../../../units.js';
import { ENOUGH_BEYOND } from '../../facts.js';
import { clip } from '../../text.js';
import { marker, type Mark } from '../marks.js';
import type { Report } from '../report.js';
import { html, px, raw, type Markup } from '../template.js';
import { label, LETTER, rule, type Size } from './drawing.js';
import { movedApart } from './labels.js';
import { roomForTicks, tickText, timeScale, type TimeScale } from './scales.js';

interface Point {
  /** log10(1 / (1 − p)): 1 at p90, 2 at p99. */
  readonly nines: number;
  readonly ms: number;
}

export interface Curve {
  readonly name: string;
  readonly mark: Mark;
  readonly count: number;
  readonly merged: readonly Point[];
  /** Where fewer than 20 samples lie beyond: from here on the curve is dotted. */
  readonly thinFrom: number;
  readonly rounds: readonly (readonly Point[])[];
}

/** Curves of all arms that completed anything. With many rounds the thin ones are drawn with fewer points. */
export function percentileCurves({ result, marks, responses, detail }: Report): readonly Curve[] {
  const roundPoints = Math.max(10, Math.min(48, Math.floor(500 / Math.max(1, result.rounds.length))));
  return result.arms.flatMap((arm): Curve[] => {
    const rounds = responses.filter((_, index) => result.rounds[index]?.arm === arm.name);
    const merged = Histogram.empty();
    for (const round of rounds) merged.add(round);
    const mark = marks.get(arm.name);
    if (merged.count === 0 || !mark) return [];
    return [{
      name: arm.name,
      mark,
      count: merged.count,
      merged: sampled(merged, 110),
      thinFrom: Math.max(0, Math.log10(merged.count / ENOUGH_BEYOND)),
      rounds: rounds.length < 2 || !detail.curves ? [] : rounds.map((round) => sampled(round, roundPoints)).filter((points) => points.length > 1),
    }];
  });
}

function sampled(histogram: Histogram, points: number): readonly Point[] {
  if (histogram.count === 0) return [];
  const last = Math.log10(histogram.count);
  const all = Array.from({ length: points + 1 }, (_, index): Point => {
    const nines = (index / points) * last;
    return { nines, ms: nsToMs(index === points ? histogram.max : histogram.quantileNs(1 - 10 ** -nines)) };
  });
  return all.filter(({ ms }, index) => index === 0 || index === points || ms !== all[index - 1]?.ms || ms !== all[index + 1]?.ms);
}

const TICKS = [
  { nines: 0, text: '0' },
  { nines: Math.log10(2), text: '50' },
  ...[1, 2, 3, 4, 5, 6, 7].map((nines) => ({ nines, text: nines === 1 ? '90' : `99${nines > 2 ? `.${'9'.repeat(nines - 2)}` : ''}` })),
];
const MARKED = [Math.log10(2), 1, 2, 3, 4];

/** Axes, thin curves, bold curves, markers, and the name of every arm at the end of its curve. */
export function drawPercentiles(curves: readonly Curve[], { width, narrow }: Size): { height: number; body: Markup } {
  const height = narrow ? 300 : 400;
  const nameLength = narrow ? 10 : 18;
  const longest = Math.max(0, ...curves.map(({ name }) => Math.min(nameLength, name.length)));
  const [top, bottom] = [24, height - 42];
  const y = timeScale(curves.flatMap(({ merged }) => [merged[0]?.ms ?? 0, merged.at(-1)?.ms ?? 0]), bottom, top);
  const box = { left: Math.max(narrow ? 38 : 54, roomForTicks(y)), right: width - Math.max(28, 22 + longest * LETTER), top, bottom };
  const last = Math.max(2, ...curves.map(({ count }) => Math.log10(count)));
  const x = (nines: number): number => box.left + (nines / last) * (box.right - box.left);
  const ends = movedApart(curves.map(({ merged }) => y(merged.at(-1)?.ms ?? 0)), 17, box.top, box.bottom);
  return {
    height,
    body: html`${y.ticks.map((tick) => [rule(box.left, y(tick), box.right, y(tick)), label(tickText(tick), box.left - 8, y(tick) + 4, { anchor: 'end', soft: true })])}
${TICKS.filter(({ nines }) => nines <= last).map(({ nines, text }) => [rule(x(nines), box.top, x(nines), box.bottom + 5), label(text, x(nines), box.bottom + 20, { anchor: 'middle', soft: true })])}
${label('response, ms', narrow ? 2 : 8, 12, { soft: true })}${label(`percentile${narrow ? '' : ' (each nine has the same room)'}`, box.right, height - 4, { anchor: 'end', soft: true })}
${curves.map(({ rounds, mark }) => thin(narrow ? rounds.map(halved) : rounds, mark, x, y))}
${curves.map((curve) => merged(curve, x, y))}
${curves.map(({ name, mark, merged: points }, index) => {
  const from = points.at(-1);
  const at = ends[index] ?? 0;
  if (!from) return null;
  const leader = rule(x(from.nines) + 2, y(from.ms), box.right + 6, at, 'leader');
  return [leader, marker(mark, box.right + 11, at), label(clip(name, nameLength), box.right + 18, at + 4, { bold: true })];
})}`,
  };
}

function merged({ merged: points, mark, thinFrom }: Curve, x: (nines: number) => number, y: TimeScale): Markup {
  const sure = points.filter(({ nines }) => nines <= thinFrom);
  const unsure = points.slice(Math.max(0, sure.length - 1));
  const marked = MARKED.filter((nines) => nines <= (points.at(-1)?.nines ?? 0)).map((nines) => ({ nines, ms: valueAt(points, nines) }));
  return html`${stroke(sure, mark, x, y, 'sure')}${stroke(unsure, mark, x, y, 'unsure')}${marked.map(({ nines, ms }) => marker(mark, x(nines), y(ms)))}`;
}

/** Every other point and the last. */
function halved(points: readonly Point[]): readonly Point[] {
  return points.filter((_, index) => index % 2 === 0 || index === points.length - 1);
}

/** The rounds of an arm, each by itself: where they lie apart, the bold curve is less than it seems. */
function thin(rounds: readonly (readonly Point[])[], mark: Mark, x: (nines: number) => number, y: TimeScale): Markup {
  return html`<g class="${mark.className} line" fill="none" stroke="${mark.color}" stroke-opacity="0.28">${rounds.map((points) => html`<path d="${path(points, x, y)}"/>`)}</g>`;
}

function stroke(points: readonly Point[], mark: Mark, x: (nines: number) => number, y: TimeScale, kind: 'sure' | 'unsure'): Markup | null {
  if (points.length < 2) return null;
  const dash = kind === 'unsure' ? html` stroke-dasharray="0.1 5" stroke-linecap="round"` : mark.dash === 'none' ? null : html` stroke-dasharray="${mark.dash}"`;
  return html`<path class="${mark.className} line" d="${path(points, x, y)}" fill="none" stroke="${mark.color}" stroke-width="2.5" stroke-linejoin="round"${dash}/>`;
}

function path(points: readonly Point[], x: (nines: number) => number, y: TimeScale): Markup {
  return raw(line<Point>(({ nines }) => Number(px(x(nines))), ({ ms }) => Number(px(y(ms))))([...points]) ?? '');
}

/** On the drawn line, between its two nearest points. */
function valueAt(points: readonly Point[], nines: number): number {
  const after = points.findIndex((point) => point.nines >= nines);
  const next = points[after] ?? points.at(-1);
  const before = points[after - 1] ?? next;
  if (!next || !before || next.nines === before.nines) return next?.ms ?? 0;
  return before.ms + ((nines - before.nines) / (next.nines - before.nines)) * (next.ms - before.ms);
}
