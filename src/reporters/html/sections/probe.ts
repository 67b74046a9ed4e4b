import type { ProbeReport } from '../../../result/probe.js';
import { conditionsTable, politeness, probeEntries } from '../../probe.js';
import { row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** What the server was found to do with its connections, and what follows from it. */
export function probe(report: Report): Markup {
  const found = report.result.probe;
  if (found === undefined) return html``;
  return section('probe', 'The server’s keep-alive contract',
    html`<ul>${found.advice.map((advice) => html`<li>${clip(advice, 500)}</li>
`)}</ul>
`,
    tableView(factsTable(found), report),
    tableView(conditionsTable(found.conditions), report),
    html`<p class="note">${clip(found.address, 100)}. ${politeness(found)}</p>
`);
}

function factsTable(found: ProbeReport): Table {
  return {
    caption: 'measured after the rounds, on connections of its own',
    columns: [{ label: 'what', align: 'text' }, { label: 'finding', align: 'text' }, { label: 'evidence', align: 'text' }],
    rows: probeEntries(found).map(({ label, says, detail }) => row(label, says, clip(detail, 400))),
  };
}
