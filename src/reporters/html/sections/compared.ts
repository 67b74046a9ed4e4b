import type { ArmResult, Result } from '../../../result/schema.js';
import { formatCount } from '../../../units.js';
import { declaredSentence, precisionSentence } from '../../declared.js';
import { armColumns, armRow } from '../../summary.js';
import { cell, row, type Row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { experimentSentence, policyOptions, policySummary, trafficSentence } from '../../words.js';
import { section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** What differs between the arms, and what all of them share. */
export function compared(report: Report): Markup {
  const { result } = report;
  const { target, plan } = result;
  return section('compared', 'What was compared',
    html`<p>${clip(trafficSentence(result), 400)}. ${experimentSentence(result)}.</p>
${[declaredSentence(result), precisionSentence(result)].filter((sentence) => sentence !== '').map((sentence) => html`<p>${clip(sentence.replace(/\.$/, ''), 400)}.</p>
`)}`,
    result.arms.length === 0 ? null : tableView(settings(report), report),
    html`<dl>
<dt>Target</dt><dd>${clip(target.url, 500)}${target.address === '' ? null : html`, at ${clip(target.address, 80)}`}</dd>
<dt>TLS</dt><dd>${tlsWords(target.tls)}</dd>
<dt>In flight</dt><dd>at most ${formatCount(plan.maxInFlight)} over ${plan.workers === 1 ? '1 worker' : `${plan.workers} workers`}; what comes above is shed and counted</dd>
<dt>Completed means</dt><dd>a whole response with status ${clip(plan.expectStatus.join(', '), 120)}</dd>
${plan.notes.length === 0 ? null : html`<dt>Notes of the plan</dt><dd>${plan.notes.map((note) => html`${clip(note, 400)}<br>`)}</dd>`}</dl>
${requestsAndHeaders(report)}`);
}

function tlsWords(tls: Result['target']['tls']): string {
  if (tls === null) return 'none';
  return `${clip(tls.protocol, 20)}, ${clip(tls.cipher, 80)}, for ${clip(tls.servername, 120)}; certificate ${tls.verified ? 'verified' : 'NOT verified'}`;
}

/** Rows that differ come first, then what all arms have in common. */
function settings({ result }: Report): Table {
  const { arms, plan } = result;
  const names = [...new Set(arms.flatMap((arm) => policyOptions(arm).map(({ name }) => name)))];
  const option = (arm: ArmResult, wanted: string): string => policyOptions(arm).find(({ name }) => name === wanted)?.value ?? '–';
  const all: Row[] = [
    armRow(result, 'policy', (arm) => clip(arm.policy, 60)),
    armRow(result, 'client', (arm) => clip(arm.client, 60)),
    ...names.map((name) => armRow(result, clip(spaced(name), 60), (arm) => clip(option(arm, name), 80))),
  ];
  const differs = ({ cells }: Row): boolean => new Set(cells.slice(1).map(({ text }) => text)).size > 1;
  const shared = all.filter((one) => !differs(one));
  return {
    caption: `settings of each arm, differing ones first${arms.length > 1 ? `; compared with the baseline ${clip(plan.baseline, 40)}` : ''}`,
    columns: armColumns(result, '').map((column) => ({ ...column, align: 'text' })),
    rows: [
      armRow(result, 'what it does', (arm) => clip(policySummary(arm.policy), 160)),
      ...all.filter(differs),
      ...(shared.length > 0 && arms.length > 1 ? [{ ...row('the same in all'), role: 'heading' } as const] : []),
      ...shared.map(({ cells, ...rest }) => ({ ...rest, cells: cells.map(({ text }, index) => (index === 0 ? cell(text) : cell(text, 'soft'))) })),
    ],
  };
}

/** What is sent, when there is more to it than the target's line says. */
function requestsAndHeaders(report: Report): Markup | null {
  const { requests: kinds, headers: sent } = report.result.target;
  if (kinds.length < 2 && Object.keys(sent).length === 0) return null;
  return html`<details><summary>Requests and headers</summary>${tableView(requests(report), report)}${headers(report)}</details>
`;
}

function requests({ result }: Report): Table {
  return {
    caption: 'requests, drawn by weight',
    columns: [{ label: 'name', align: 'text' }, { label: 'request', align: 'text' }, { label: 'weight', align: 'number' }, { label: 'body, bytes', align: 'number' }],
    rows: result.target.requests.map(({ name, method, path, weight, bodyBytes }) => row(clip(name, 60), `${clip(method, 20)} ${clip(path, 200)}`, String(weight), formatCount(bodyBytes))),
  };
}

function headers({ result }: Report): Markup | null {
  const entries = Object.entries(result.target.headers);
  return entries.length === 0 ? null : html`<pre>${entries.map(([name, value]) => `${clip(name, 80)}: ${clip(value, 200)}\n`)}</pre>`;
}

/** `closeBy` → `close by`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
