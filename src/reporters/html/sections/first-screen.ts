import type { ArmResult, Comparison } from '../../../result/schema.js';
import { formatCount } from '../../../units.js';
import { costOf } from '../../cost.js';
import { errorsOf, figure, handshakesPer100, isSecure, per100, quantileFigure } from '../../facts.js';
import { comparedAt, differencesTable, intervalFigure, latenessSentence, partialSentence, thinNotes, trustSentence } from '../../summary.js';
import type { Cell } from '../../table.js';
import { clip } from '../../text.js';
import { comparisonWords, counted, promiseWords, targetWords, verdictWords } from '../../words.js';
import { figure as drawn } from '../charts/drawing.js';
import { drawForest } from '../charts/forest.js';
import { armName, state, tableView, type Report } from '../report.js';
import { html, px, type Markup } from '../template.js';

/** What can be read in five seconds: the verdict, what each arm paid, whether to believe it; then the differences. */
export function firstScreen(report: Report): Markup {
  const { result } = report;
  const interleaved = result.plan.blocks > 1 && result.arms.length > 1 ? ', arms interleaved' : '';
  return html`<div class="first">
${verdict(report)}${glance(report)}
<p class="trust"><strong>Trust:</strong> ${trustSentence(result)}; ${latenessSentence(result)}; ${counted(result.rounds.length, 'round')}${interleaved}.${result.precision ? html` ${result.precision.sentence}` : null}${thinNotes(result, ['p50', 'p99'], ['response']).map((note) => html` ${note}.`)}</p>
${forest(report)}</div>
`;
}

/** Whose run it was, against what, and when. */
export function masthead({ result }: Report): Markup {
  const { run, target, arms, plan } = result;
  const at = clip(run.startedAt, 40);
  const size = [target.tls === null ? 'no TLS' : clip(target.tls.protocol, 20), counted(arms.length, 'arm'), counted(plan.blocks, 'block')];
  return html`<header>
<p class="eyebrow">${LOGO}<span>sameconn</span><time datetime="${at}">${at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time></p>
<h1>${clip(run.name, 120)}</h1>
<p class="target"><code>${clip(targetWords(result), 110)}</code> · ${size.join(' · ')}</p>
</header>
`;
}

/** Two requests on one line: the same connection. */
export const LOGO = html`<svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true" focusable="false">
<path class="arm-0 line" d="M4 7H22" fill="none" stroke="#0072b2" stroke-width="2.5"/>
<path class="arm-0 solid" d="M.5 7a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M16.5 7a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0" fill="#0072b2"/></svg>`;

function verdict({ result }: Report): Markup {
  const { text, tone } = verdictWords[result.verdict.state];
  const partial = partialSentence(result);
  const { lead, rest } = parted(result.verdict.sentence);
  return html`<div class="verdict ${result.verdict.state === 'untrustworthy' ? 'untrusted' : tone}" role="region" aria-label="Verdict">
<p class="word">${text}${result.verdict.state === 'untrustworthy' ? html`<span>: the figures below are not for decisions</span>` : null}</p>
<p>${lead}</p>
${rest === '' ? null : html`<details><summary>What else was found</summary><p>${rest}</p></details>
`}</div>
${partial === null ? null : html`<p class="partial"><strong>Partial.</strong> ${partial}</p>`}`;
}

/** As many whole sentences as the first screen has room for, and those that are folded away; of a single one that is too long, its beginning, and then all of it. */
function parted(text: string): { readonly lead: string; readonly rest: string } {
  const sentences = clip(text, 1500).split(/(?<=[.!?]) (?=\p{Lu})/u);
  const [first = ''] = sentences;
  if (first.length > LEAD) return { lead: clip(first, CUT), rest: sentences.join(' ') };
  let room = LEAD;
  const leading = sentences.findIndex((sentence) => (room -= sentence.length + 1) < -1);
  return leading < 0 ? { lead: sentences.join(' '), rest: '' } : { lead: sentences.slice(0, leading).join(' '), rest: sentences.slice(leading).join(' ') };
}

/** Letters of the verdict that leave room for the rest on a screen of 390 × 844. */
const LEAD = 330;
const CUT = 220;

function glance(report: Report): Markup | null {
  const { arms } = report.result;
  if (arms.length === 0) return null;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Arms at a glance"><table class="glance">
<thead><tr><th scope="col">arm</th><th scope="col">handshakes per 100 requests</th>
<th scope="col" class="number">cost of them, <br>ms a request</th><th scope="col" class="number">p50, <br>ms</th>
<th scope="col" class="number">p99, <br>ms</th><th scope="col" class="number">errors</th><th scope="col" class="optional">promise</th></tr></thead>
<tbody>
${arms.map((arm) => glanceRow(report, arm))}</tbody></table></div>
`;
}

function glanceRow(report: Report, arm: ArmResult): Markup {
  const { response } = arm.totals.latencyMs;
  const errors = errorsOf(arm);
  return html`<tr><th scope="row">${armName(report, arm.name)}</th>
<td><span class="big">${figure(handshakesPer100(arm))}</span>${meter(report, arm)}${tlsShare(report, arm)}</td>
<td class="number">${figure(costOf(report.result, arm)?.handshakeMs ?? null)}</td>
<td class="number">${quantileFigure(response, 'p50')}</td><td class="number">${quantileFigure(response, 'p99')}</td>
<td class="number">${errors === 0 ? '0' : state({ text: formatCount(errors), tone: 'bad' })}</td><td class="optional">${state(shortPromise(arm))}</td></tr>
`;
}

/** The share as a bar: full at 100 handshakes for 100 requests. */
function meter({ marks }: Report, arm: ArmResult): Markup | null {
  const mark = marks.get(arm.name);
  const share = handshakesPer100(arm);
  if (!mark || share === null) return null;
  const filled = Math.max(4, Math.min(96, share * 0.96));
  return html`<svg class="meter" width="96" height="8" viewBox="0 0 96 8" aria-hidden="true" focusable="false">
<rect class="margin" width="96" height="8" rx="4" fill="#dfe5ec"/>
${share > 0 ? html`<rect class="${mark.className} solid" width="${px(filled)}" height="8" rx="4" fill="${mark.color}"/>` : null}</svg>`;
}

function shortPromise(arm: ArmResult): Cell {
  const { promise } = arm;
  if (promise.rounds === 0) return promiseWords(arm);
  return promise.held ? { text: 'held', tone: 'good' } : { text: 'NOT held', tone: 'bad' };
}

/** How the TLS handshakes of an arm divide, for every 100 requests. */
function tlsShare({ result }: Report, arm: ArmResult): Markup | null {
  const { tlsFull, tlsResumed } = arm.totals.connections;
  if (!isSecure(result) || tlsFull + tlsResumed === 0 || arm.totals.requests.completed === 0) return null;
  const text = tlsResumed === 0 ? 'all TLS full' : tlsFull === 0 ? 'all TLS resumed' : `TLS ${figure(per100(tlsFull, arm))} full, ${figure(per100(tlsResumed, arm))} resumed`;
  return html`<small class="optional">${text}</small>`;
}

function forest(report: Report): Markup | null {
  const { comparisons } = report.result;
  const table = differencesTable(report.result);
  if (table === null) return null;
  const estimated = comparisons.filter(({ estimateMs }) => estimateMs !== null);
  if (estimated.length === 0) {
    return html`<p><strong>Differences.</strong> None could be estimated.</p>${(table.notes ?? []).map((note) => html`<p class="note">${note}</p>`)}`;
  }
  // With several candidates the first screen has room for what the verdict rests on; the shift function below shows every percentile.
  const several = new Set(estimated.map(({ candidate }) => candidate)).size > 1;
  const shown = several && estimated.some(({ primary }) => primary) ? estimated.filter(({ primary }) => primary) : estimated;
  const telling = estimated.filter(({ primary }) => primary);
  return drawn({
    id: 'differences',
    title: 'Differences, with their intervals',
    finding: `${(telling.length > 0 ? telling : estimated.slice(0, 2)).map(inWords).join('; ')}.`,
    caption: `In ms less than ${clip(comparisons[0]?.baseline ?? '', 40)}${shown.length < estimated.length ? '; other percentiles in the table' : ''}.`,
    draw: (size) => drawForest(shown, report.marks, size),
    data: tableView(table, report),
  });
}

function inWords(comparison: Comparison): string {
  const { candidate, baseline, estimateMs, ci, state: outcome } = comparison;
  const interval = ci === null ? '' : ` ${intervalFigure(comparison)}`;
  return `${clip(candidate, 24)} at ${comparedAt(comparison)}: ${figure(estimateMs)} ms less than ${clip(baseline, 24)}${interval} (${comparisonWords[outcome].text})`;
}
