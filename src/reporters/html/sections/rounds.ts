import { formatCount, formatMs } from '../../../units.js';
import { row, type Row, type Table } from '../../table.js';
import { armLabel } from '../../summary.js';
import { clip } from '../../text.js';
import { figure } from '../charts/drawing.js';
import { drawRounds, roundFigures, type RoundFigures } from '../charts/rounds.js';
import { armsKey, section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** Every round by itself, in the order in which they ran. */
export function rounds(report: Report): Markup {
  const figures = roundFigures(report);
  const table = tableView(roundsTable(report, figures), report);
  if (!figures.some(({ count }) => count > 0)) {
    const why = figures.length === 0 ? 'No round was completed.' : 'No round completed a request.';
    return section('rounds', 'Rounds', html`<p>${why}</p>`, figures.length === 0 ? null : table);
  }
  return section('rounds', 'Rounds', figure({
    id: 'rounds-drawing',
    title: 'p50 and p99 of every round',
    finding: finding(report, figures),
    draw: (size) => drawRounds(figures, report.marks, size),
    key: html`${armsKey(report)}<p class="note">Filled: p50 of the round. Hollow: its p99.</p>`,
    data: table,
  }));
}

function finding({ result }: Report, figures: readonly RoundFigures[]): string {
  const parts = result.arms.flatMap(({ name }) => {
    const p50s = figures.filter(({ arm, count }) => arm === name && count > 0).map(({ p50 }) => p50);
    return p50s.length === 0 ? [] : [`${clip(name, 24)} between ${formatMs(Math.min(...p50s))} and ${formatMs(Math.max(...p50s))} ms`];
  });
  return `From round to round p50 lay: ${parts.join('; ')}.`;
}

function roundsTable({ result, detail }: Report, figures: readonly RoundFigures[]): Table {
  return {
    caption: 'rounds in the order in which they ran; connections are those of the measured window and, after +, of the warm-up',
    columns: [
      { label: 'arm', align: 'text' },
      ...['round', 'block', 'at, s', 'completed', 'errors', 'shed', 'p50, ms', 'p99, ms', 'opened', 'TLS full', 'TLS resumed', 'loop, %'].map((label) => ({ label, align: 'number' }) as const),
    ],
    rows: result.rounds.slice(0, detail.rounds).map((round, nth): Row => {
      const { requests, connections, generator } = round;
      const own = figures[nth];
      const time = (ms: number | undefined): string => (own && own.count > 0 && ms !== undefined ? formatMs(ms) : '–');
      const both = (kind: 'opened' | 'tlsFull' | 'tlsResumed'): string => `${formatCount(connections[kind])} + ${formatCount(connections.warmup[kind])}`;
      return {
        ...row(
          armLabel(round.arm),
          String(round.index + 1),
          String(round.block + 1),
          (round.startedAtMs / 1000).toFixed(1),
          formatCount(requests.completed),
          formatCount(requests.failed + requests.aborted),
          formatCount(requests.shed),
          time(own?.p50),
          time(own?.p99),
          both('opened'),
          both('tlsFull'),
          both('tlsResumed'),
          formatMs(generator.loopUtilization * 100),
        ),
        arm: round.arm,
      };
    }),
  };
}
