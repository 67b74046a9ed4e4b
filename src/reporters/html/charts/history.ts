/** An arm from run to run: a dot at p50 and a ring at p99, with a bar from the fastest round to the slowest. */
import type { QuantileOfRun } from '../../../result/history-schema.js';
import { marker, type Mark } from '../marks.js';
import { html, px, raw, type Markup } from '../template.js';
import { label, rule, type Size } from './drawing.js';
import { roomForTicks, tickText, timeScale } from './scales.js';

export interface RunPoint {
  /** Counted from 1, in the order in which the runs began. */
  readonly run: number;
  readonly p50: QuantileOfRun | null;
  readonly p99: QuantileOfRun | null;
}

/** @param points every run, also those without the arm, so that all arms' drawings share their places */
export function drawHistory(points: readonly RunPoint[], mark: Mark | undefined, { width, narrow }: Size): { height: number; body: Markup } {
  const height = narrow ? 220 : 250;
  const [top, bottom] = [24, height - 40];
  const y = timeScale(points.flatMap(({ p50, p99 }) => [p50, p99].flatMap((quantile) => (quantile ? [quantile.lowMs, quantile.ms, quantile.highMs] : []))), bottom, top);
  const box = { left: Math.max(narrow ? 38 : 54, roomForTicks(y)), right: width - 8 };
  const step = (box.right - box.left) / Math.max(1, points.length);
  const x = (nth: number): number => box.left + (nth + 0.5) * step;
  const aside = Math.min(6, step / 5);
  const every = Math.ceil(26 / step); // a number takes that much room
  return {
    height,
    body: html`${y.ticks.map((tick) => [rule(box.left, y(tick), box.right, y(tick)), label(tickText(tick), box.left - 8, y(tick) + 4, { anchor: 'end', soft: true })])}
${label('response, ms', narrow ? 2 : 8, 12, { soft: true })}${label('runs in the order in which they began', box.right, height - 6, { anchor: 'end', soft: true })}
${(['p50', 'p99'] as const).map((at) => trace(points.flatMap((point, nth) => (point[at] ? [[x(nth) + (at === 'p50' ? -aside : aside), y(point[at].ms)] as const] : [])), mark))}
${points.map(({ run, p50, p99 }, nth) => html`${nth % every === 0 ? label(String(run), x(nth), bottom + 17, { anchor: 'middle', soft: true }) : null}
${spread(p99, 'ring', x(nth) + aside, mark, y)}${spread(p50, 'dot', x(nth) - aside, mark, y)}`)}`,
  };
}

/** From run to run, for the eye only: nothing was measured in between. */
function trace(places: readonly (readonly [x: number, y: number])[], mark: Mark | undefined): Markup | null {
  if (!mark || places.length < 2) return null;
  const path = raw(places.map(([x, y], nth) => `${nth === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join(''));
  return html`<path class="${mark.className} line" d="${path}" fill="none" stroke="${mark.color}" stroke-opacity="0.4"/>`;
}

function spread(quantile: QuantileOfRun | null, kind: 'dot' | 'ring', x: number, mark: Mark | undefined, y: (ms: number) => number): Markup | null {
  if (!quantile || !mark) return null;
  const [low, high] = [y(quantile.lowMs), y(quantile.highMs)];
  return html`<rect class="${mark.className} solid" x="${px(x - 3)}" y="${px(high)}" width="6" height="${px(Math.max(1, low - high))}" rx="2" fill="${mark.color}" fill-opacity="0.3"/>
${marker(mark, x, y(quantile.ms), kind, 0.8)}`;
}
