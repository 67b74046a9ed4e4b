/** C1: the differences as a forest plot. One row for each, the margin shaded around 0, the interval as a bar, the estimate as a marker. */
import type { Comparison } from '../../../result/schema.js';
import { formatMs } from '../../../units.js';
import { comparedAt, intervalFigure } from '../../summary.js';
import { clip } from '../../text.js';
import { comparisonWords } from '../../words.js';
import { marker, type Mark } from '../marks.js';
import { html, px, type Markup } from '../template.js';
import { label, LETTER, rule, type Size } from './drawing.js';
import { differenceScale, tickText, type TimeScale } from './scales.js';

/** What stands under the axis, for a wide page and for a narrow one. */
export interface AxisWords {
  readonly wide: string;
  readonly narrow: string;
}

const LESS: AxisWords = { wide: 'ms less than the baseline: right of 0 is faster, the shaded band is the margin', narrow: 'ms less than the baseline; right is faster' };

/** @param comparisons those with an estimate, all against the same baseline */
export function drawForest(comparisons: readonly Comparison[], marks: ReadonlyMap<string, Mark>, { width, narrow }: Size, axis = LESS): { height: number; body: Markup } {
  const several = new Set(comparisons.map(({ candidate }) => candidate)).size > 1;
  const who = (comparison: Comparison): string => (several ? `${clip(comparison.candidate, 16)} ${comparedAt(comparison)}` : comparedAt(comparison));
  const rowHeight = narrow ? 38 : 24;
  const longest = Math.max(...comparisons.map((comparison) => who(comparison).length));
  const box = { left: narrow ? 8 : 24 + longest * LETTER, right: narrow ? width - 8 : width - 250, top: narrow ? 6 : 2 };
  const bottom = box.top + comparisons.length * rowHeight;
  const x = scaleOf(comparisons, box.left, box.right, narrow ? 4 : 7);
  return {
    height: bottom + 42,
    body: html`${x.ticks.map((tick) => label(tickText(tick), x(tick), bottom + 17, { anchor: 'middle', soft: true }))}
${comparisons.map((comparison, index) => {
  const y = box.top + (index + 0.5) * rowHeight;
  return forestRow(comparison, marks.get(comparison.candidate), who(comparison), { ...box, x, y, rowHeight, narrow });
})}
${label(narrow ? axis.narrow : axis.wide, box.right, bottom + 36, { anchor: 'end', soft: true })}`,
  };
}

function scaleOf(comparisons: readonly Comparison[], from: number, to: number, ticks: number): TimeScale {
  const bounds = comparisons.flatMap(({ estimateMs, ci, marginMs }) => [estimateMs ?? 0, ci?.lowMs ?? 0, ci?.highMs ?? 0, marginMs, -marginMs, 0]);
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const room = (high - low) * 0.04;
  return differenceScale(low - room, high + room, from, to, ticks, false);
}

interface RowFrame {
  readonly left: number;
  readonly right: number;
  readonly x: TimeScale;
  readonly y: number;
  readonly rowHeight: number;
  readonly narrow: boolean;
}

function forestRow(comparison: Comparison, mark: Mark | undefined, who: string, { left, right, x, y, rowHeight, narrow }: RowFrame): Markup | null {
  const { estimateMs, ci, marginMs, state, primary } = comparison;
  if (estimateMs === null || !mark) return null;
  const figures = `${formatMs(estimateMs)} ${ci === null ? '' : intervalFigure(comparison)}`;
  const words = primary ? comparisonWords[state].text : 'exploratory';
  const at = narrow ? y + 11 : y;
  const half = narrow ? 11 : rowHeight / 2; // on a narrow page the words stand above the bar, and no line goes through them
  return html`<rect class="margin" x="${px(x(-marginMs))}" y="${px(at - half)}" width="${px(x(marginMs) - x(-marginMs))}" height="${2 * half}" fill="#dfe5ec" shape-rendering="crispEdges"/>
${x.ticks.map((tick) => rule(x(tick), at - half, x(tick), at + half, tick === 0 ? 'axis' : 'grid'))}
${ci === null ? null : intervalBar(mark, x(ci.lowMs), x(ci.highMs), at)}
${marker(mark, x(estimateMs), at)}
${narrow
  ? html`${label(who, left, y - 8, { bold: true })}${label(`${figures} ${words}`, right, y - 8, { anchor: 'end' })}`
  : html`${label(who, 4, y + 4, { bold: true })}${label(figures, right + 20, y + 4)}${label(words, right + 160, y + 4, { soft: true })}`}`;
}

function intervalBar({ className, color }: Mark, from: number, to: number, y: number): Markup {
  const width = Math.max(2, to - from);
  return html`<rect class="${className} solid" x="${px(from)}" y="${px(y - 3.5)}" width="${px(width)}" height="7" rx="2" fill="${color}" fill-opacity="0.35"/>`;
}
