import { formatCount, formatMs } from '../../../units.js';
import { armLabel } from '../../summary.js';
import { row, type Row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { counted } from '../../words.js';
import { figure } from '../charts/drawing.js';
import { drawStrip, spanOf, within, type ArmStrip } from '../charts/strip.js';
import { PHASES } from '../charts/phases.js';
import { tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** C5: the first connections of each arm, one by one; null when the file is older than the strips, or none was used. */
export function stripFigure(report: Report): Markup | null {
  const { result, marks } = report;
  const strips = result.arms.flatMap(({ name }): ArmStrip[] => {
    const strip = result.rounds.find((round) => round.arm === name && round.strip !== undefined)?.strip;
    const mark = marks.get(name);
    return strip && mark && strip.connections.length > 0 ? [{ name, mark, strip }] : [];
  });
  if (strips.length === 0) return null;
  const untilMs = spanOf(strips);
  if (!(untilMs > 0)) return null;
  const words = strips.map(({ name, strip }) => {
    const { connections, requests } = within(strip, untilMs);
    return `${clip(name, 24)} sent ${counted(requests, 'request')} on ${counted(connections.length, 'connection')}`;
  });
  const workers = Math.max(...strips.map(({ strip }) => strip.workers));
  return figure({
    id: 'strip',
    title: 'The same moment, connection by connection',
    finding: `In the first ${formatMs(untilMs)} ms of a window ${words.join(', ')}.`,
    draw: (size) => drawStrip(strips, size),
    key: stripKey(workers),
    data: tableView(stripTable(strips, untilMs), report),
  });
}

function stripKey(workers: number): Markup {
  const [, connect, tls] = PHASES;
  const swatch = (shape: Markup, name: string): Markup => html`<span><svg width="18" height="12" viewBox="0 0 18 12" aria-hidden="true" focusable="false">${shape}</svg>${name}</span>`;
  return html`<p class="keys phases">${swatch(html`<path class="axis" d="M0 6H18" fill="none" stroke="#8a96a3"/>`, 'open')}
${swatch(html`<rect class="phase-connect" y="4" width="18" height="4" fill="${connect.color}"/>`, 'TCP connect')}
${swatch(html`<rect class="phase-tls" y="2" width="18" height="8" fill="${tls.color}"/><path class="hatch" d="M1 11L7 1M7 11L13 1M13 11L19 1" fill="none" stroke="#ffffff" stroke-width="2"/>`, 'TLS handshake')}
${swatch(html`<rect class="ink" width="18" height="12" fill="#17202b"/>`, 'a request, in the colour of its arm')}</p>
<p class="note">From the first round of each arm, until one of them had used 40 connections${workers > 1 ? `; the connections of one of ${formatCount(workers)} workers` : ''}.</p>`;
}

function stripTable(strips: readonly ArmStrip[], untilMs: number): Table {
  return {
    caption: `the first ${formatMs(untilMs)} ms of the measured window`,
    columns: [{ label: 'arm', align: 'text' }, ...['connections', 'of them opened', 'requests', 'requests a connection', 'in handshakes, ms'].map((label) => ({ label, align: 'number' }) as const)],
    rows: strips.map(({ name, strip }): Row => {
      const { connections, opened, requests } = within(strip, untilMs);
      const handshakesMs = connections.filter(({ begunMs }) => begunMs >= 0).reduce((sum, { begunMs, connectedMs, securedMs }) => sum + Math.min(untilMs, securedMs ?? connectedMs ?? untilMs) - begunMs, 0);
      return { ...row(armLabel(name), formatCount(connections.length), formatCount(opened), formatCount(requests), formatMs(requests / Math.max(1, connections.length)), formatMs(handshakesMs)), arm: name };
    }),
  };
}
