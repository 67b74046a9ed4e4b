/** How the response times of each arm are spread, as rows of characters over one logarithmic axis: for a screen. */
import { Histogram } from '../measure/histogram.js';
import type { Result } from '../result/schema.js';
import { formatMs, nsToMs } from '../units.js';
import { roundsOf } from './facts.js';

export interface LatencyDrawing {
  readonly rows: readonly { readonly arm: string; readonly text: string }[];
  /** Ticks in ms, below the rows. */
  readonly axis: string;
}

/** Eight heights; what has no sample at all is blank. */
const HEIGHTS = { unicode: '▁▂▃▄▅▆▇█', ascii: '.:-=+*#@' } as const;

/** @param width of a row, in characters @returns null when no arm completed anything */
export function latencyDrawing(result: Result, width: number, unicode: boolean): LatencyDrawing | null {
  const spread = result.arms.flatMap((arm) => {
    const all = Histogram.empty();
    for (const { histograms } of roundsOf(result, arm)) all.add(Histogram.decode(histograms.response));
    return all.count === 0 ? [] : [{ arm: arm.name, all }];
  });
  if (spread.length === 0) return null;
  const low = Math.max(1000, Math.min(...spread.map(({ all }) => all.min)));
  const high = Math.max(low * 1.2, ...spread.map(({ all }) => all.max));
  const edges = Array.from({ length: width + 1 }, (_, column) => low * (high / low) ** (column / width));
  return {
    rows: spread.map(({ arm, all }) => ({ arm, text: heights(all.countsBetween(edges), unicode) })),
    axis: axis(nsToMs(low), nsToMs(high), width),
  };
}

/** The square root of the share, so that the few slow requests are seen beside the many fast ones. */
function heights(counts: readonly number[], unicode: boolean): string {
  const glyphs = unicode ? HEIGHTS.unicode : HEIGHTS.ascii;
  const most = Math.max(...counts);
  return counts.map((count) => (count === 0 ? ' ' : glyphs[Math.min(7, Math.floor(8 * Math.sqrt(count / most)))])).join('');
}

/** 1, 2 and 5 of every decade, as many as stand apart; both ends where there is no room for two of them. */
function axis(lowMs: number, highMs: number, width: number): string {
  const place = (ms: number): number => Math.round((Math.log(ms / lowMs) / Math.log(highMs / lowMs)) * (width - 1));
  const decades = Array.from({ length: 12 }, (_, nth) => 10 ** (nth - 4));
  const inside = (steps: readonly number[]): number[] => decades.flatMap((decade) => steps.map((step) => step * decade)).filter((ms) => ms >= lowMs && ms <= highMs);
  const choices = [inside([1, 2, 5]), inside([1]), [lowMs, highMs]];
  const fits = (ticks: readonly number[]): boolean => ticks.length >= 2 && laid(ticks, place, width) !== null;
  return laid(choices.find(fits) ?? [lowMs], place, width) ?? '';
}

/** The ticks at their places, each centred where there is room; null when two would touch. */
function laid(ticks: readonly number[], place: (ms: number) => number, width: number): string | null {
  let line = '';
  for (const ms of ticks) {
    const text = `${Number(formatMs(ms))}`;
    const start = Math.min(width - text.length, Math.max(0, place(ms) - Math.floor(text.length / 2)));
    if (line !== '' && start <= line.length) return null;
    line = line.padEnd(start) + text;
  }
  return line.length <= width ? line : null;
}
