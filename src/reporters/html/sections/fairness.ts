import { formatCount, formatMs } from '../../../units.js';
import { figure, generatorOf, quantileFigure, type GeneratorCost } from '../../facts.js';
import { armColumns, armRow, latenessSentence, trustSentence } from '../../summary.js';
import { row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { gateWords } from '../../words.js';
import { section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';
import { loadFigure } from './over-time.js';

/** What the load generator says about itself: its own lateness and cost, and every self-check. */
export function fairness(report: Report): Markup {
  const { result } = report;
  return section('fairness', 'Was the run fair?',
    html`<p>${upperFirst(trustSentence(result))}; ${latenessSentence(result)}. Lateness is the generator’s own fault and part of every response time above.</p>
`,
    result.arms.length === 0 ? null : tableView(honesty(report), report),
    loadFigure(report),
    result.gates.length === 0 ? null : html`<h3>Self-checks</h3>
${tableView(gates(report), report)}`);
}

function honesty({ result }: Report): Table {
  const own = (label: string, value: (of: GeneratorCost) => string) =>
    armRow(result, label, (arm) => { const of = generatorOf(result, arm); return of === null ? '–' : value(of); });
  return {
    caption: 'the load generator itself, by arm',
    columns: armColumns(result, ''),
    rows: [
      armRow(result, 'late p50, ms', ({ totals }) => quantileFigure(totals.latencyMs.late, 'p50')),
      armRow(result, 'late p99, ms', ({ totals }) => quantileFigure(totals.latencyMs.late, 'p99')),
      armRow(result, 'late max, ms', ({ totals: { latencyMs: { late } } }) => (late.count === 0 ? '–' : formatMs(late.max))),
      own('CPU, cores', ({ cores }) => figure(cores)),
      own('busiest worker’s event loop, % busy', ({ loopUtilization }) => formatMs(loopUtilization * 100)),
      own('longest turn of a sending loop, ms', ({ longestTurnMs }) => formatMs(longestTurnMs)),
      own('times over 60 s, recorded as 60 s', ({ over60s }) => formatCount(over60s)),
    ],
  };
}

function gates({ result }: Report): Table {
  const advised = result.gates.some(({ remedy }) => remedy !== '');
  return {
    caption: 'every check that a run makes on itself: what was measured, and where the limit lies',
    columns: [
      { label: 'check', align: 'text' },
      { label: 'outcome', align: 'text' },
      { label: 'measured', align: 'number' },
      { label: 'limit', align: 'number' },
      { label: 'what was found', align: 'text' },
      ...(advised ? [{ label: 'what to do', align: 'text' as const }] : []),
    ],
    rows: result.gates.map(({ id, title, state, value, limit, unit, detail, remedy }) => row(
      clip(`${id} ${title}`, 80),
      gateWords[state],
      value === null ? '–' : `${formatMs(value)} ${unit}`.trim(),
      limit === null ? '–' : `${formatMs(limit)} ${unit}`.trim(),
      clip(detail, 300),
      ...(advised ? [clip(remedy, 300)] : []),
    )),
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
