import type { ArmResult } from '../../../result/schema.js';
import { formatCount, formatMs } from '../../../units.js';
import { costOf, type Cost } from '../../cost.js';
import { armColumns, armRow } from '../../summary.js';
import type { Table } from '../../table.js';
import { clip } from '../../text.js';
import { section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** What each arm's connections cost: time in handshakes, processor, bytes, sockets. */
export function cost(report: Report): Markup {
  const { result } = report;
  const costly = result.arms.filter((arm) => costOf(result, arm) !== null);
  if (costly.length === 0) return section('cost', 'Cost', html`<p>No request was completed, so there is no cost of one.</p>`);
  const words = costly.map((arm) => {
    const of = costOf(result, arm)!;
    return `${clip(arm.name, 24)} ${formatMs(of.handshakeMs)} ms (${formatMs(100 * of.handshakeShare)} % of its response time)`;
  });
  return section('cost', 'Cost',
    html`<p>Time in handshakes for every request: ${words.join('; ')}.</p>
`,
    tableView(table(report), report),
    html`<p class="note">The processor time is that of this load generator, its pacing included, which turns while it waits for the next instant: compare arms by it, not machines. What the server spent stands in its own accounts.</p>
`);
}

function table({ result }: Report): Table {
  const per = (label: string, value: (of: Cost, arm: ArmResult) => string) => armRow(result, label, (arm) => { const of = costOf(result, arm); return of === null ? '–' : value(of, arm); });
  return {
    caption: 'what the connections of each arm cost',
    columns: armColumns(result, ''),
    rows: [
      per('handshakes, ms for a request', ({ handshakeMs }) => formatMs(handshakeMs)),
      per('handshakes, % of the response time', ({ handshakeShare }) => formatMs(100 * handshakeShare)),
      per('generator’s CPU, ms for 1,000 requests', ({ cpuMsPer1000 }) => formatMs(cpuMsPer1000)),
      per('bytes received in bodies, a request', ({ bytesIn }) => formatCount(bytesIn)),
      per('most sockets open in a round', ({ sockets }) => formatCount(sockets)),
      per('most sockets in TIME_WAIT after a round, whosever', ({ timeWait }) => (timeWait === null ? 'not measured' : formatCount(timeWait))),
    ],
  };
}
