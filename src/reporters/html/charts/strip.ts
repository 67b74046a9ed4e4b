/** C5: the connection strip. One row for each connection: reuse draws long rows, fresh connections confetti. */
import { scaleLinear } from 'd3-scale';
import type { RoundStrip } from '../../../result/schema.js';
import { clip } from '../../text.js';
import { counted } from '../../words.js';
import { marker, type Mark } from '../marks.js';
import { html, px, raw, type Markup } from '../template.js';
import { INK, label, rule, type Size } from './drawing.js';
import { PHASES } from './phases.js';
import { tickText } from './scales.js';

export interface ArmStrip {
  readonly name: string;
  readonly mark: Mark;
  readonly strip: RoundStrip;
}

/** What an arm did in the span that the drawing shows. */
export interface StripFigures {
  readonly connections: RoundStrip['connections'];
  readonly opened: number;
  readonly requests: number;
}

/** The span over which every arm's strip is complete, in ms from the start of the window. */
export function spanOf(strips: readonly ArmStrip[]): number {
  return Math.min(...strips.filter(({ strip }) => strip.connections.length > 0).map(({ strip }) => strip.untilMs));
}

/** The connections of a strip that were begun or used before `untilMs`. */
export function within({ connections }: RoundStrip, untilMs: number): StripFigures {
  const seen = connections.filter(({ begunMs, sentMs }) => (begunMs >= 0 && begunMs < untilMs) || sentMs.some((at) => at < untilMs));
  return {
    connections: seen,
    opened: seen.filter(({ begunMs }) => begunMs >= 0).length,
    requests: seen.reduce((sum, { sentMs }) => sum + sentMs.filter((at) => at < untilMs).length, 0),
  };
}

const TITLE = 26;
const CONNECT = PHASES[1];
const TLS = PHASES[2];

/** @param strips at least one with a connection */
export function drawStrip(strips: readonly ArmStrip[], { width, narrow }: Size): { height: number; body: Markup } {
  const untilMs = spanOf(strips);
  const [left, right] = [narrow ? 4 : 8, width - (narrow ? 6 : 10)];
  const x = scaleLinear().domain([0, untilMs]).range([left, right]).clamp(true);
  const hatch = `strip-hatch-${narrow ? 'narrow' : 'wide'}`;
  let top = 2;
  const arms = strips.map((arm) => {
    const figures = within(arm.strip, untilMs);
    const rowHeight = figures.connections.length > 12 ? 6 : 10;
    const drawn = drawArm(arm, figures, { top, rowHeight, x, untilMs, hatch, narrow });
    top += TITLE + figures.connections.length * rowHeight + 12;
    return drawn;
  });
  const ticks = x.ticks(narrow ? 4 : 8);
  return {
    height: top + 40,
    body: html`<pattern id="${hatch}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="phase-tls" width="4" height="4" fill="${TLS.color}"/>
<path class="hatch" d="M0 0V4" stroke="#ffffff" stroke-width="3"/></pattern>
${ticks.map((tick) => [rule(x(tick), 2, x(tick), top + 4), label(tickText(tick), x(tick), top + 18, { anchor: tick === 0 ? 'start' : x(tick) > right - 16 ? 'end' : 'middle', soft: true })])}
${arms}
${label(narrow ? 'ms since the window began' : 'ms since the measured window of a round began; a row is a connection', right, top + 36, { anchor: 'end', soft: true })}`,
  };
}

interface Frame {
  readonly top: number;
  readonly rowHeight: number;
  readonly x: (ms: number) => number;
  readonly untilMs: number;
  readonly hatch: string;
  readonly narrow: boolean;
}

/** All segments of a kind are one path: a hairline while the connection is open, low bars for its handshakes, full ones for its requests. */
function drawArm({ name, mark }: ArmStrip, { connections, requests }: StripFigures, { top, rowHeight, x, untilMs, hatch, narrow }: Frame): Markup {
  const [open, tcp, tls, sent]: [string[], string[], string[], string[]] = [[], [], [], []];
  connections.forEach(({ begunMs, connectedMs, securedMs, endedMs, sentMs, doneMs }, row) => {
    const y = top + TITLE + (row + 0.5) * rowHeight;
    const bar = (fromMs: number, toMs: number): string => `M${px(x(fromMs))} ${y}H${px(Math.max(x(fromMs) + 1, x(toMs)))}`;
    open.push(bar(begunMs, endedMs ?? untilMs));
    if (begunMs >= 0) tcp.push(bar(begunMs, connectedMs ?? untilMs));
    if (begunMs >= 0 && connectedMs !== null && securedMs !== null) tls.push(bar(connectedMs, securedMs));
    sentMs.forEach((at, nth) => {
      if (at < untilMs) sent.push(bar(at, doneMs[nth] ?? untilMs));
    });
  });
  const title = `${clip(name, narrow ? 10 : 40)}: ${counted(requests, 'request')} on ${counted(connections.length, 'connection')}`;
  return html`${marker(mark, left(narrow), top + 13)}${label(title, left(narrow) + 12, top + 17, { bold: true })}
<path class="axis" d="${raw(open.join(''))}" fill="none" stroke="${INK.axis}"/>
<path class="connect-line" d="${raw(tcp.join(''))}" fill="none" stroke="${CONNECT.color}" stroke-width="${px(rowHeight * 0.35)}"/>
<path d="${raw(tls.join(''))}" fill="none" stroke="url(#${hatch})" stroke-width="${px(rowHeight * 0.65)}"/>
<path class="${mark.className} line" d="${raw(sent.join(''))}" fill="none" stroke="${mark.color}" stroke-width="${rowHeight - 1}"/>`;
}

function left(narrow: boolean): number {
  return narrow ? 9 : 13;
}
