/** C8: how the response times of each arm are spread, one below the other on one axis: two peaks are two ways of being served. */
import type { Histogram } from '../../../measure/histogram.js';
import { nsToMs } from '../../../units.js';
import { clip } from '../../text.js';
import { marker, type Mark } from '../marks.js';
import { html, px, raw, type Markup } from '../template.js';
import { label, rule, type Size } from './drawing.js';
import { differenceScale, roomForTicks, tickText, timeScale } from './scales.js';

export interface Spread {
  readonly name: string;
  readonly mark: Mark;
  readonly bins: readonly Bin[];
  /** Where the tall peaks lie, in ms. */
  readonly peaks: readonly number[];
}

export interface Bin {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of all requests of the arm, in percent. */
  readonly percent: number;
}

const BINS = 64;

/** The same bins for every arm, equally wide on a logarithmic axis, from the fastest to all but the slowest 1 in 2,000. */
export function spreadsOf(arms: readonly { readonly name: string; readonly mark: Mark; readonly histogram: Histogram }[]): readonly Spread[] {
  const low = Math.max(1e3, Math.min(...arms.map(({ histogram }) => histogram.quantileNs(0.0005))));
  const high = Math.max(low * 1.2, ...arms.map(({ histogram }) => histogram.quantileNs(0.9995)));
  const edges = Array.from({ length: BINS + 1 }, (_, edge) => low * (high / low) ** (edge / BINS));
  return arms.map(({ name, mark, histogram }): Spread => {
    const counts = new Float64Array(BINS);
    histogram.forEachBucket((middleNs, count) => {
      const bin = Math.floor((BINS * Math.log(Math.max(low, middleNs) / low)) / Math.log(high / low));
      counts[Math.min(BINS - 1, bin)]! += count;
    });
    const bins = Array.from(counts, (count, bin): Bin => ({ fromMs: nsToMs(edges[bin]!), toMs: nsToMs(edges[bin + 1]!), percent: (100 * count) / Math.max(1, histogram.count) }));
    return { name, mark, bins, peaks: peaksOf(bins) };
  });
}

/** Peaks of the smoothed bins that reach a fifth of the tallest, with a valley of at most half the lower one between any two. */
function peaksOf(bins: readonly Bin[]): readonly number[] {
  const smooth = bins.map((_, bin) => [-2, -1, 0, 1, 2].reduce((sum, by) => sum + (bins[bin + by]?.percent ?? 0) * (3 - Math.abs(by)), 0) / 9);
  const tallest = Math.max(...smooth);
  const peaks: number[] = [];
  smooth.forEach((height, bin) => {
    if (height < tallest / 5 || height < (smooth[bin - 1] ?? 0) || height <= (smooth[bin + 1] ?? 0)) return;
    const last = peaks.at(-1);
    const valley = last === undefined ? 0 : Math.min(...smooth.slice(last, bin + 1));
    if (last === undefined || valley <= Math.min(smooth[last]!, height) / 2) peaks.push(bin);
    else if (height > smooth[last]!) peaks[peaks.length - 1] = bin;
  });
  return peaks.map((bin) => Math.sqrt(bins[bin]!.fromMs * bins[bin]!.toMs));
}

/** @param spreads at least one */
export function drawSpreads(spreads: readonly Spread[], { width, narrow }: Size): { height: number; body: Markup } {
  const panel = narrow ? 62 : 72;
  const gap = 26;
  const most = Math.max(...spreads.flatMap(({ bins }) => bins.map(({ percent }) => percent)));
  const ends = spreads[0]!.bins;
  const left = narrow ? 44 : 54;
  const first = Math.max(left, roomForTicks(differenceScale(0, most, 1, 0, 2)) + 12);
  const x = timeScale([ends[0]!.fromMs, ends.at(-1)!.toMs], first, width - 14, narrow ? 4 : 10);
  const bottom = spreads.length * (panel + gap);
  return {
    height: bottom + 40,
    body: html`${x.ticks.map((tick) => [rule(x(tick), 4, x(tick), bottom + 5), label(tickText(tick), x(tick), bottom + 20, { anchor: tick === x.ticks.at(-1) ? 'end' : 'middle', soft: true })])}
${spreads.map(({ name, mark, bins }, nth) => {
  const foot = nth * (panel + gap) + gap + panel - 2;
  const y = differenceScale(0, most, foot, foot - panel, 2);
  const shape = `M${px(x(bins[0]!.fromMs))} ${foot}${bins.map(({ toMs, percent }) => `V${px(y(percent))}H${px(x(toMs))}`).join('')}V${foot}z`;
  return html`${y.ticks.filter((tick) => tick > 0).map((tick) => [rule(first, y(tick), width - 14, y(tick)), label(`${tickText(tick)} %`, first - 6, y(tick) + 4, { anchor: 'end', soft: true })])}
<path class="${mark.className} solid" d="${raw(shape)}" fill="${mark.color}" fill-opacity="0.75"/>${rule(first, foot, width - 14, foot, 'axis')}
${marker(mark, first + 10, foot - panel - 12)}${label(clip(name, narrow ? 20 : 40), first + 20, foot - panel - 8, { bold: true })}`;
})}
${label(`response, ms; share of the requests of each arm`, width - 14, bottom + 36, { anchor: 'end', soft: true })}`,
  };
}
