/** The figures over the time of the run: the load that was asked and achieved, and the handshakes. */
import type { ArmResult } from '../../../result/schema.js';
import { formatDuration, formatMs, NS_PER_MS } from '../../../units.js';
import { isSecure } from '../../facts.js';
import { armColumns, armRow } from '../../summary.js';
import { row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { figure } from '../charts/drawing.js';
import { drawPanels, type Panel } from '../charts/panels.js';
import { armsKey, tableView, type Report } from '../report.js';
import { momentsOf, type Moment } from '../slices.js';
import { html, type Markup } from '../template.js';

/** C7: requested and achieved rate, lateness, requests in flight; null when the file is older than the slices. */
export function loadFigure(report: Report): Markup | null {
  const { result, marks } = report;
  const moments = momentsOf(result);
  if (moments.length === 0) return null;
  const open = result.plan.model === 'open';
  const panels: readonly Panel[] = [
    {
      title: open ? 'requests/s: requested (grey), achieved' : 'requests/s achieved',
      scale: 'linear',
      lines: [...(open ? [{ value: ({ planned }: Moment) => planned, kind: 'ground' } as const] : []), { value: ({ completed }) => completed, kind: 'arm' }],
    },
    { title: 'late, ms: p50 (bold), p99 (thin)', scale: 'times', lines: [{ value: ({ lateP50Ms }) => lateP50Ms, kind: 'arm' }, { value: ({ lateP99Ms }) => lateP99Ms, kind: 'thin' }] },
    { title: 'most requests in flight', scale: 'linear', lines: [{ value: ({ inFlight }) => inFlight, kind: 'arm' }] },
  ];
  return figure({
    id: 'load',
    title: 'The load over time',
    finding: loadFinding(report, moments),
    draw: (size) => drawPanels(panels, moments, marks, size),
    key: html`${armsKey(report)}<p class="note">Slices of ${sliceWords(report)} of the measured windows; the warm-ups lie between.</p>`,
    data: tableView(loadTable(report, moments), report),
  });
}

/** C9: connections opened and TLS handshakes, a second; null when the file is older than the slices. */
export function handshakesFigure(report: Report): Markup | null {
  const { result, marks } = report;
  const moments = momentsOf(result);
  if (moments.length === 0) return null;
  const panels: readonly Panel[] = [
    { title: 'TCP connections opened/s', scale: 'linear', lines: [{ value: ({ opened }) => opened, kind: 'arm' }] },
    ...(isSecure(result) ? [
      { title: 'full TLS handshakes/s', scale: 'linear', lines: [{ value: ({ tlsFull }: Moment) => tlsFull, kind: 'arm' }] },
      { title: 'resumed TLS handshakes/s', scale: 'linear', lines: [{ value: ({ tlsResumed }: Moment) => tlsResumed, kind: 'arm' }] },
    ] satisfies Panel[] : []),
  ];
  return figure({
    id: 'handshakes',
    title: 'Handshakes over time',
    finding: `Connections opened a second, on average: ${perArm(result.arms, (name) => `${clip(name, 24)} ${formatMs(mean(of(moments, name), ({ opened }) => opened))}`)}.`,
    draw: (size) => drawPanels(panels, moments, marks, size),
    key: html`${armsKey(report)}<p class="note">Slices of ${sliceWords(report)} of the measured windows. What was opened in a warm-up is not drawn.</p>`,
    data: tableView(handshakesTable(report, moments), report),
  });
}

function loadFinding({ result }: Report, moments: readonly Moment[]): string {
  const rates = perArm(result.arms, (name) => {
    const own = of(moments, name);
    const [planned, completed] = [mean(own, (moment) => moment.planned), mean(own, (moment) => moment.completed)];
    const share = result.plan.model === 'open' && planned > 0 ? ` of ${formatMs(planned)}/s requested (${formatMs((100 * completed) / planned)} %)` : '';
    return `${clip(name, 24)} achieved ${formatMs(completed)}/s${share}`;
  });
  return `${rates}; most in flight: ${perArm(result.arms, (name) => `${clip(name, 24)} ${most(of(moments, name), ({ inFlight }) => inFlight)}`)}.`;
}

function loadTable({ result }: Report, moments: readonly Moment[]): Table {
  const own = (label: string, value: (of: readonly Moment[]) => number) => armRow(result, label, (arm) => figureOf(of(moments, arm.name), value));
  return {
    caption: 'load in the slices of each arm: their mean and their extremes; every slice is in the JSON file',
    columns: armColumns(result, ''),
    rows: [
      own('requested/s', (all) => mean(all, ({ planned }) => planned)),
      own('achieved/s', (all) => mean(all, ({ completed }) => completed)),
      own('achieved/s, slowest slice', (all) => -most(all, ({ completed }) => -completed)),
      own('achieved/s, fastest slice', (all) => most(all, ({ completed }) => completed)),
      own('late p50 of the worst slice, ms', (all) => most(all, ({ lateP50Ms }) => lateP50Ms ?? 0)),
      own('late p99 of the worst slice, ms', (all) => most(all, ({ lateP99Ms }) => lateP99Ms ?? 0)),
      own('most in flight', (all) => most(all, ({ inFlight }) => inFlight)),
    ],
  };
}

function handshakesTable({ result }: Report, moments: readonly Moment[]): Table {
  const kinds = [['TCP connections opened/s', 'opened'], ...(isSecure(result) ? [['full TLS handshakes/s', 'tlsFull'], ['resumed TLS handshakes/s', 'tlsResumed']] as const : [])] as const;
  return {
    caption: 'handshakes in the slices of each arm: their mean and their extremes; every slice is in the JSON file',
    columns: armColumns(result, ''),
    rows: kinds.flatMap(([label, kind]) => [
      { ...row(label), role: 'heading' } as const,
      ...([['mean', (all: readonly Moment[]) => mean(all, (moment) => moment[kind])], ['slowest slice', (all) => -most(all, (moment) => -moment[kind])], ['fastest slice', (all) => most(all, (moment) => moment[kind])]] satisfies readonly [string, (all: readonly Moment[]) => number][])
        .map(([name, value]) => armRow(result, name, (arm) => figureOf(of(moments, arm.name), value), 'part')),
    ]),
  };
}

function sliceWords({ result: { rounds } }: Report): string {
  const lengths = [...new Set(rounds.flatMap(({ series }) => (series ? [series.sliceMs] : [])))];
  return lengths.map((ms) => formatDuration(ms * NS_PER_MS)).join(' or ');
}

function of(moments: readonly Moment[], name: string): readonly Moment[] {
  return moments.filter(({ arm }) => arm === name);
}

function perArm(arms: readonly ArmResult[], words: (name: string) => string): string {
  return arms.map(({ name }) => words(name)).join(', ');
}

function figureOf(own: readonly Moment[], value: (of: readonly Moment[]) => number): string {
  return own.length === 0 ? '–' : formatMs(value(own));
}

/** Weighted by the length of the slices. */
function mean(moments: readonly Moment[], value: (moment: Moment) => number): number {
  const lengthMs = moments.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return lengthMs === 0 ? 0 : moments.reduce((sum, moment) => sum + value(moment) * (moment.toMs - moment.fromMs), 0) / lengthMs;
}

function most(moments: readonly Moment[], value: (moment: Moment) => number): number {
  return moments.length === 0 ? 0 : moments.reduce((largest, moment) => Math.max(largest, value(moment)), -Infinity);
}
