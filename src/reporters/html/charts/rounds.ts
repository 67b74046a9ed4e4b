/** C6: every round in the order in which it ran. A stem from its p50 to its p99: drift, outliers and blocks that differ are seen here. */
import { Histogram } from '../../../measure/histogram.js';
import { nsToMs } from '../../../units.js';
import { marker, type Mark } from '../marks.js';
import type { Report } from '../report.js';
import { html, px, raw, type Markup } from '../template.js';
import { label, rule, type Size } from './drawing.js';
import { roomForTicks, tickText, timeScale } from './scales.js';

export interface RoundFigures {
  readonly index: number;
  readonly block: number;
  readonly arm: string;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/** p50 and p99 of the response of every round, in ms. */
export function roundFigures({ result: { rounds }, responses }: Report): readonly RoundFigures[] {
  return rounds.map(({ index, block, arm }, nth) => {
    const response = responses[nth] ?? Histogram.empty();
    return { index, block, arm, count: response.count, p50: nsToMs(response.quantileNs(0.5)), p99: nsToMs(response.quantileNs(0.99)) };
  });
}

/** @param rounds in run order, at least one of them with samples */
export function drawRounds(rounds: readonly RoundFigures[], marks: ReadonlyMap<string, Mark>, { width, narrow }: Size): { height: number; body: Markup } {
  const height = narrow ? 240 : 300;
  const [top, bottom] = [24, height - 46];
  const y = timeScale(rounds.filter(({ count }) => count > 0).flatMap(({ p50, p99 }) => [p50, p99]), bottom, top);
  const box = { left: Math.max(narrow ? 38 : 54, roomForTicks(y)), right: width - 8, top, bottom };
  const step = (box.right - box.left) / Math.max(1, rounds.length);
  const x = (nth: number): number => box.left + (nth + 0.5) * step;
  const scale = Math.max(0.5, Math.min(1, step / 14));
  return {
    height,
    body: html`${blocksOf(rounds).map((block, nth) => drawBlock(block, nth, { left: box.left, top, bottom, step }))}
${y.ticks.map((tick) => [rule(box.left, y(tick), box.right, y(tick)), label(tickText(tick), box.left - 8, y(tick) + 4, { anchor: 'end', soft: true })])}
${label('response, ms', narrow ? 2 : 8, 12, { soft: true })}${label('rounds in the order in which they ran', box.right, height - 8, { anchor: 'end', soft: true })}
${[...marks].map(([name, mark]) => {
  const stems = rounds.map(({ arm, count, p50, p99 }, nth) => (arm === name && count > 0 ? `M${px(x(nth))} ${px(y(p50))}V${px(y(p99))}` : '')).join('');
  return stems === '' ? null : html`<path class="${mark.className} line" d="${raw(stems)}" fill="none" stroke="${mark.color}" stroke-width="1.5" stroke-opacity="0.55"/>`;
})}
${rounds.map(({ arm, count, p50, p99 }, nth) => {
  const mark = marks.get(arm);
  if (!mark || count === 0) return null;
  return html`${marker(mark, x(nth), y(p99), 'ring', scale)}${marker(mark, x(nth), y(p50), 'dot', scale)}`;
})}`,
  };
}

interface Block {
  readonly block: number;
  /** Of its rounds, the first and one past the last. */
  readonly from: number;
  readonly to: number;
}

/** Every other block on a band, numbered below where there is room. */
function drawBlock({ block, from, to }: Block, nth: number, { left, top, bottom, step }: { left: number; top: number; bottom: number; step: number }): Markup {
  const width = (to - from) * step;
  const x = left + from * step;
  const name = nth === 0 && width > 60 ? `block ${block + 1}` : `${block + 1}`;
  const band = html`<rect class="band" x="${px(x)}" y="${px(top)}" width="${px(width)}" height="${px(bottom - top)}" fill="#f1f4f7"/>`;
  return html`${nth % 2 === 0 ? band : null}${width > 20 ? label(name, x + width / 2, bottom + 18, { anchor: 'middle', soft: true }) : null}`;
}

function blocksOf(rounds: readonly RoundFigures[]): readonly Block[] {
  const blocks: { block: number; from: number; to: number }[] = [];
  rounds.forEach(({ block }, nth) => {
    const last = blocks.at(-1);
    if (last?.block === block) last.to = nth + 1;
    else blocks.push({ block, from: nth, to: nth + 1 });
  });
  return blocks;
}
