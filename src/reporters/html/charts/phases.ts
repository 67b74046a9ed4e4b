/** C4: where the mean response went, a bar for each arm. Means, because means add up. */
import type { ArmResult } from '../../../result/schema.js';
import { formatMs } from '../../../units.js';
import { phasesOf } from '../../facts.js';
import { clip } from '../../text.js';
import { marker, type Mark } from '../marks.js';
import { html, px, type Markup } from '../template.js';
import { INK, label, rule, type Size } from './drawing.js';
import { differenceScale, tickText } from './scales.js';

export const PHASES = [
  { name: 'late', meaning: 'the generator’s own lateness', color: '#5b6673', hatched: true },
  { name: 'connect', meaning: 'opening the TCP connection', color: '#5b3d99', hatched: false },
  { name: 'tls', meaning: 'the TLS handshake', color: '#8a3f8f', hatched: true },
  { name: 'queue', meaning: 'other waiting for a connection', color: '#8c5a12', hatched: false },
  { name: 'service', meaning: 'sent until the last byte came', color: '#14686e', hatched: false },
] as const;

const BAR = 26;
const NAME_HEIGHT = 20;

/** @param arms those that completed something */
export function drawPhases(arms: readonly ArmResult[], marks: ReadonlyMap<string, Mark>, size: Size): { height: number; body: Markup } {
  const { width, narrow } = size;
  const rowHeight = NAME_HEIGHT + BAR + 16;
  const bottom = arms.length * rowHeight + 2;
  const longest = Math.max(...arms.map((arm) => phasesOf(arm)?.response ?? 0));
  const x = differenceScale(0, longest, 4, width - 8, narrow ? 4 : 8);
  const hatch = `hatch-${narrow ? 'narrow' : 'wide'}`;
  return {
    height: bottom + 42,
    body: html`<pattern id="${hatch}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<path class="hatch" d="M0 0V6" stroke="#ffffff" stroke-opacity="0.35" stroke-width="3"/></pattern>
${x.ticks.map((tick) => [rule(x(tick), 0, x(tick), bottom + 5), label(tickText(tick), x(tick), bottom + 20, { anchor: tick === x.ticks.at(-1) ? 'end' : 'middle', soft: true })])}
${arms.map((arm, index) => bar(arm, marks.get(arm.name), index * rowHeight, x, hatch, size))}
${label('mean response, ms a request', width - 8, bottom + 38, { anchor: 'end', soft: true })}`,
  };
}

function bar(arm: ArmResult, mark: Mark | undefined, top: number, x: (ms: number) => number, hatch: string, { narrow }: Size): Markup | null {
  const phases = phasesOf(arm);
  if (!phases || !mark) return null;
  const y = top + NAME_HEIGHT + 4;
  let start = 0;
  const segments = PHASES.map(({ name, color, hatched }) => {
    const from = x(start);
    start += phases[name];
    const width = x(start) - from;
    if (width < 0.4) return null;
    const inside = [`${name} ${formatMs(phases[name])}`, formatMs(phases[name])].find((text) => text.length * 7.2 + 12 <= width);
    const shape = html`x="${px(from)}" y="${px(y)}" width="${px(Math.max(1, width - 1.5))}" height="${BAR}" rx="2"`;
    return html`<rect class="phase-${name}" ${shape} fill="${color}"/>
${hatched ? html`<rect ${shape} fill="url(#${hatch})"/>` : null}
${inside === undefined ? null : html`<text class="on-phase" x="${px(from + 8)}" y="${px(y + BAR / 2 + 4)}" fill="#ffffff">${inside}</text>`}`;
  });
  const name = html`<tspan font-weight="600" unicode-bidi="isolate">${clip(arm.name, narrow ? 22 : 40)}</tspan><tspan dx="8">${formatMs(phases.response)} ms</tspan>`;
  return html`${marker(mark, 10, top + 15)}<text class="ink" x="22" y="${px(top + 19)}" fill="${INK.text}">${name}</text>${segments}`;
}
