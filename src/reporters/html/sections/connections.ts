import type { ArmResult } from '../../../result/schema.js';
import { formatCount } from '../../../units.js';
import { carriedOf, figure, handshakesPer100, idleGapsOf, isSecure, per100, ranked, reuseBalance } from '../../facts.js';
import { armColumns, armRow, promisesTable } from '../../summary.js';
import { row, type Row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { closedBecause, openedBecause } from '../../words.js';
import { whyOpened } from '../../why.js';
import { armName, section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';
import { handshakesFigure } from './over-time.js';
import { stripFigure } from './strip.js';

/** The ledger: how many connections and handshakes each arm paid for, why, how they ended, and whether the policies kept their promises. */
export function connections(report: Report): Markup {
  const { result } = report;
  if (result.arms.length === 0) return section('connections', 'Connections and handshakes', html`<p>There are no arms.</p>`);
  return section('connections', 'Connections and handshakes',
    html`<ul class="arms">${result.arms.map((arm) => html`<li>${armName(report, arm.name)} opened ${whyOpened(result, arm)}</li>
`)}</ul>
`,
    stripFigure(report),
    tableView(ledger(report), report),
    handshakesFigure(report),
    html`<h3>Promises</h3>
`,
    tableView(promisesTable(result), report));
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
