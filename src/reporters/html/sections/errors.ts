import type { ArmResult } from '../../../result/schema.js';
import { formatCount } from '../../../units.js';
import { errorsOf, ranked } from '../../facts.js';
import { armColumns, armRow } from '../../summary.js';
import { cell, row, type Row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { counted, failureWords } from '../../words.js';
import { section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** Everything that did not end well, by kind, and every status that came back. */
export function errors(report: Report): Markup {
  const { arms } = report.result;
  const total = arms.reduce((sum, arm) => sum + errorsOf(arm), 0);
  const shed = arms.reduce((sum, arm) => sum + arm.totals.requests.shed, 0);
  const planned = arms.reduce((sum, arm) => sum + arm.totals.requests.planned, 0);
  const finding = total + shed === 0
    ? `No errors among ${counted(planned, 'request')}.`
    : `${counted(total, 'error')} and ${formatCount(shed)} shed among ${counted(planned, 'request')}.`;
  return section('errors', 'Errors', html`<p>${finding}</p>
`, arms.length === 0 ? null : tableView(books(report), report));
}

function books({ result }: Report): Table {
  const { arms } = result;
  const count = (label: string, value: (arm: ArmResult) => number, role?: Row['role'], bad = false): Row =>
    armRow(result, label, (arm) => cell(formatCount(value(arm)), bad && value(arm) > 0 ? 'bad' : undefined), role);
  const kinds = (pick: (arm: ArmResult) => Readonly<Record<string, number>>): readonly string[] => {
    const all: Record<string, number> = {};
    for (const arm of arms) for (const [kind, times] of Object.entries(pick(arm))) all[kind] = (all[kind] ?? 0) + times;
    return ranked(all).slice(0, 20).map(({ name }) => name);
  };
  const failures = kinds(({ totals }) => totals.requests.failures);
  const statuses = kinds(({ totals }) => totals.requests.statuses);
  return {
    caption: 'requests of the measured windows: planned = sent + shed + aborted, sent = completed + failed',
    columns: armColumns(result, ''),
    rows: [
      count('planned', ({ totals }) => totals.requests.planned),
      count('sent', ({ totals }) => totals.requests.sent, 'part'),
      count('shed: in-flight limit reached', ({ totals }) => totals.requests.shed, 'part'),
      count('aborted: no connection to leave on', ({ totals }) => totals.requests.aborted, 'part', true),
      count('completed', ({ totals }) => totals.requests.completed),
      count('failed', ({ totals }) => totals.requests.failed, undefined, true),
      ...(failures.length > 0 ? [{ ...row('Failures by kind, aborted ones included'), role: 'heading' } as const] : []),
      ...failures.map((kind) => count(clip(failureWords(kind), 120), ({ totals }) => totals.requests.failures[kind] ?? 0, 'part', true)),
      ...(statuses.length > 0 ? [{ ...row('Responses by status'), role: 'heading' } as const] : []),
      ...statuses.map((status) => count(clip(status, 20), ({ totals }) => totals.requests.statuses[status] ?? 0, 'part')),
    ],
  };
}
