import type { ArmResult } from '../../../result/schema.js';
import { formatCount, formatMs } from '../../../units.js';
import { carriedOf, figure, handshakesPer100, idleGapsOf, isSecure, per100, ranked, reasonsOf, reuseBalance } from '../../facts.js';
import { armColumns, armRow, promisesTable } from '../../summary.js';
import { row, type Row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { closedBecause, counted, openedBecause } from '../../words.js';
import { armName, section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';
import { handshakesFigure } from './over-time.js';
import { stripFigure } from './strip.js';

/** The ledger: how many connections and handshakes each arm paid for, why, how they ended, and whether the policies kept their promises. */
export function connections(report: Report): Markup {
  const { result } = report;
  if (result.arms.length === 0) return section('connections', 'Connections and handshakes', html`<p>There are no arms.</p>`);
  return section('connections', 'Connections and handshakes',
    html`<ul class="arms">${result.arms.map((arm) => html`<li>${armName(report, arm.name)} ${sentence(report, arm)}</li>
`)}</ul>
`,
    stripFigure(report),
    tableView(ledger(report), report),
    handshakesFigure(report),
    html`<h3>Promises</h3>
`,
    tableView(promisesTable(result), report));
}

/** `9,036 connections where 72 would do: 100 % because …`. */
function sentence({ result }: Report, arm: ArmResult): string {
  const { opened, needed, excess } = reuseBalance(result, arm);
  if (opened === 0) return 'opened no connection.';
  const [first, second] = ranked(reasonsOf(arm));
  const total = ranked(reasonsOf(arm)).reduce((sum, { count }) => sum + count, 0);
  const because = [first, second].flatMap((reason) => (reason ? [`${share(reason.count, total)} ${clip(openedBecause(reason.name), 160)}`] : [])).join('; ');
  const balance = excess > 0 ? `where ${formatCount(needed)} would do` : `as many as were in use at once`;
  return `opened ${counted(opened, 'connection')}, warm-up included, ${balance}. ${because}.${closedIdle(arm)}`;
}

/** ` The server closed 12 connections that had been idle for 5.01 s (5.00 to 5.04 s).` */
function closedIdle(arm: ArmResult): string {
  const gaps = idleGapsOf(arm).beforeServerClose;
  if (gaps === null) return '';
  const seconds = (ms: number): string => formatMs(ms / 1000);
  const range = gaps.count > 1 ? ` (${seconds(gaps.min)} to ${seconds(gaps.max)} s)` : '';
  return ` The server closed ${counted(gaps.count, 'connection')} that had been idle for ${seconds(gaps.p50)} s${range}.`;
}

function share(count: number, total: number): string {
  const percent = (100 * count) / total;
  return percent > 99.9 && count < total ? 'more than 99.9 %' : percent < 0.1 ? 'less than 0.1 %' : `${Number(percent.toPrecision(3))} %`;
}

function ledger({ result }: Report): Table {
  const { arms } = result;
  const tls = isSecure(result);
  const count = (label: string, value: (arm: ArmResult) => number, role?: Row['role']): Row => armRow(result, label, (arm) => formatCount(value(arm)), role);
  const heading = (text: string): Row => ({ ...row(text), role: 'heading' });
  const carried = (label: string, value: (of: NonNullable<ReturnType<typeof carriedOf>>) => string): Row =>
    armRow(result, label, (arm) => { const of = carriedOf(arm); return of === null ? '–' : value(of); }, 'part');
  const byLabel = (pick: (arm: ArmResult) => Readonly<Record<string, number>>, words: (label: string) => string): Row[] =>
    ranked(summed(arms.map(pick))).slice(0, 20).map(({ name }) => count(clip(words(name), 160), (arm) => pick(arm)[name] ?? 0, 'part'));
  const tlsRows = (of: (arm: ArmResult) => { tlsFull: number; tlsResumed: number; tlsFailed: number }): Row[] => !tls ? [] : [
    count('TLS handshakes, full', (arm) => of(arm).tlsFull, 'part'),
    count('TLS handshakes, resumed', (arm) => of(arm).tlsResumed, 'part'),
    count('TLS handshakes, failed', (arm) => of(arm).tlsFailed, 'part'),
  ];
  return {
    caption: 'connections begun for requests of the measured windows; those of the warm-up stand apart below',
    columns: armColumns(result, ''),
    rows: [
      count('requests completed', ({ totals }) => totals.requests.completed),
      count('connections attempted', ({ totals }) => totals.connections.attempts),
      count('connect failed', ({ totals }) => totals.connections.connectFailed, 'part'),
      count('opened', ({ totals }) => totals.connections.opened, 'part'),
      ...tlsRows(({ totals }) => totals.connections),
      heading('For every 100 completed requests'),
      armRow(result, 'TCP handshakes', (arm) => figure(handshakesPer100(arm)), 'part'),
      ...(tls ? [
        armRow(result, 'full TLS handshakes', (arm) => figure(per100(arm.totals.connections.tlsFull, arm)), 'part'),
        armRow(result, 'resumed TLS handshakes', (arm) => figure(per100(arm.totals.connections.tlsResumed, arm)), 'part'),
      ] : []),
      heading('Requests carried by a connection, warm-up included'),
      carried('mean', ({ mean }) => figure(mean)),
      carried('p50', ({ p50 }) => formatCount(p50)),
      carried('max', ({ max }) => formatCount(max)),
      ...idleRows(result, 'Idle before it was used again, ms, warm-up included', (arm) => idleGapsOf(arm).beforeReuse),
      ...idleRows(result, 'Idle when the server closed it, ms, warm-up included', (arm) => idleGapsOf(arm).beforeServerClose),
      heading('Opened'),
      ...byLabel(({ totals }) => totals.connections.openedBecause, openedBecause),
      heading('Closed'),
      ...byLabel(({ totals }) => totals.connections.closedBy, closedBecause),
      heading('In the warm-up'),
      count('connections attempted', ({ totals }) => totals.connections.warmup.attempts, 'part'),
      count('opened', ({ totals }) => totals.connections.warmup.opened, 'part'),
      ...tlsRows(({ totals }) => totals.connections.warmup),
      heading('Warm-up and windows together'),
      count('most open at one instant', ({ totals }) => totals.connections.peakOpen, 'part'),
      count('most in use at one instant', ({ totals }) => totals.connections.peakNeeded, 'part'),
      count('opened beyond what perfect reuse needs', (arm) => reuseBalance(result, arm).excess, 'part'),
    ],
  };
}

/** Nothing when it never happened to any arm. */
function idleRows(result: Report['result'], heading: string, of: (arm: ArmResult) => ReturnType<typeof idleGapsOf>['beforeReuse']): Row[] {
  if (result.arms.every((arm) => of(arm) === null)) return [];
  const rows = (['min', 'p50', 'p99', 'max'] as const).map((name) => armRow(result, name, (arm) => figure(of(arm)?.[name] ?? null), 'part'));
  return [{ ...row(heading), role: 'heading' }, ...rows];
}

function summed(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const part of parts) for (const [name, count] of Object.entries(part)) total[name] = (total[name] ?? 0) + count;
  return total;
}
