/** The page: its head, the first screen, and the sections in the order in which a reviewer asks. */
import type { Result } from '../../result/schema.js';
import { clip } from '../text.js';
import { verdictWords } from '../words.js';
import { frame } from './frame.js';
import { reportOf, type Detail, type Report } from './report.js';
import { compared } from './sections/compared.js';
import { connections } from './sections/connections.js';
import { cost } from './sections/cost.js';
import { data } from './sections/data.js';
import { environment } from './sections/environment.js';
import { errors } from './sections/errors.js';
import { expectations } from './sections/expectations.js';
import { fairness } from './sections/fairness.js';
import { firstScreen, masthead } from './sections/first-screen.js';
import { latency } from './sections/latency.js';
import { probe } from './sections/probe.js';
import { reading } from './sections/reading.js';
import { rounds } from './sections/rounds.js';
import { html } from './template.js';

/** Above this, in bytes, the page leaves details out, and says so. */
const MOST_BYTES = 5 * 2 ** 20;

/** What is left out, in this order, until the page is small enough. */
const DETAILS: readonly Detail[] = [
  { curves: true, data: true, rounds: Infinity },
  { curves: false, data: true, rounds: Infinity },
  { curves: false, data: false, rounds: Infinity },
  { curves: false, data: false, rounds: 1000 },
];

/** The whole report as one HTML file. */
export function page(written: Result, mostBytes = MOST_BYTES): string {
  const report = reportOf(written);
  let text = '';
  for (const detail of DETAILS) {
    text = pageWith({ ...report, detail });
    if (Buffer.byteLength(text) <= mostBytes) break;
  }
  return text;
}

function pageWith(report: Report): string {
  const { result } = report;
  const empty = { expectations: result.expectations.length === 0, probe: result.probe === undefined };
  const links = SECTIONS.filter(({ id }) => !Object.hasOwn(empty, id) || !empty[id as keyof typeof empty]);
  const title = `${clip(result.run.name, 32)}: ${verdictWords[result.verdict.state].text.toLowerCase()}`;
  return frame({ title, version: result.tool.version }, html`${masthead(report)}<main id="main">
${firstScreen(report)}<nav aria-label="Sections"><ul>${links.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${links.map(({ draw }) => draw(report))}</main>
<footer>sameconn ${clip(result.tool.version, 30)} · result format ${result.schemaVersion} · run ${clip(result.run.id, 60)} · this file holds everything it needs, and asks nothing of any network</footer>
`);
}

const SECTIONS = [
  { id: 'expectations', title: 'Expectations', draw: expectations },
  { id: 'compared', title: 'What was compared', draw: compared },
  { id: 'latency', title: 'Latency', draw: latency },
  { id: 'connections', title: 'Connections', draw: connections },
  { id: 'probe', title: 'Keep-alive contract', draw: probe },
  { id: 'cost', title: 'Cost', draw: cost },
  { id: 'fairness', title: 'Fairness', draw: fairness },
  { id: 'errors', title: 'Errors', draw: errors },
  { id: 'rounds', title: 'Rounds', draw: rounds },
  { id: 'environment', title: 'Environment', draw: environment },
  { id: 'reading', title: 'How to read this', draw: reading },
  { id: 'data', title: 'Data', draw: data },
] as const;
