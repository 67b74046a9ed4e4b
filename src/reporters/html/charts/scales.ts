/** Scales and ticks for times in ms. */
import { scaleLinear, scaleLog } from 'd3-scale';

export interface TimeScale {
  (ms: number): number;
  readonly ticks: readonly number[];
  readonly log: boolean;
}

/** Above this ratio of largest to smallest a linear scale would flatten the small ones. */
const LOG_ABOVE = 20;

/** From smallest to largest onto [from, to]: logarithmic when they are far apart, else linear from 0. */
export function timeScale(values: readonly number[], from: number, to: number, most = 6): TimeScale {
  const positive = values.filter((value) => value > 0);
  const low = positive.reduce((least, value) => Math.min(least, value), Infinity);
  const high = positive.reduce((most, value) => Math.max(most, value), 0);
  if (high === 0) return linear(1, from, to, most);
  if (high / low <= LOG_ABOVE) return linear(high, from, to, most);
  const scale = scaleLog().domain([floorTo125(low), ceilTo125(high)]).range([from, to]).clamp(true);
  const fine = scale.ticks(20).filter((tick) => [1, 2, 5].includes(leadingDigit(tick)));
  const coarse = fine.filter((tick) => leadingDigit(tick) === 1);
  const ticks = fine.length <= most + 2 || coarse.length < 2 ? fine : coarse;
  return Object.assign((ms: number) => scale(Math.max(ms, scale.domain()[0] ?? low)), { ticks, log: true });
}

/** A linear scale over a range that may cross 0. @param rounded the range is widened to whole ticks */
export function differenceScale(low: number, high: number, from: number, to: number, most = 6, rounded = true): TimeScale {
  const scale = scaleLinear().domain(low === high ? [low - 1, high + 1] : [low, high]).range([from, to]);
  if (rounded) scale.nice(most);
  return Object.assign((ms: number) => scale(ms), { ticks: scale.ticks(most), log: false });
}

/** The shortest text of a tick: `0.05`, `2`, `1,000`. */
export function tickText(ms: number): string {
  const rounded = Number(ms.toPrecision(6));
  return Math.abs(rounded) >= 1000 ? rounded.toString().replace(/\B(?=(\d{3})+$)/g, ',') : rounded.toString();
}

/** How far from the left edge an axis must stand so that its ticks can be read. */
export function roomForTicks({ ticks }: TimeScale): number {
  return 18 + 7.8 * Math.max(...ticks.map((tick) => tickText(tick).length));
}

function linear(high: number, from: number, to: number, most: number): TimeScale {
  const scale = scaleLinear().domain([0, high]).range([from, to]).nice(most);
  return Object.assign((ms: number) => scale(ms), { ticks: scale.ticks(most), log: false });
}

function leadingDigit(value: number): number {
  return Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
}

function floorTo125(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return ([5, 2, 1].find((step) => step * decade <= value) ?? 1) * decade;
}

function ceilTo125(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * decade >= value) ?? 10) * decade;
}
