import { createHash } from 'node:crypto';
import type { Result } from '../../../result/schema.js';
import { json } from '../../json.js';
import { clip, mapStrings } from '../../text.js';
import { section, type Report } from '../report.js';
import { html, raw, type Markup } from '../template.js';

/** Where the figures are, how to tell that they are the same, and the figures of this page for programs. */
export function data(report: Report): Markup {
  const { written, result, detail } = report;
  const name = clip(result.run.name, 80);
  const lost = [
    ...(detail.curves ? [] : ['the curves of single rounds']),
    ...(detail.data ? [] : ['the embedded figures']),
    ...(detail.rounds === Infinity ? [] : [`the rows of rounds after the first ${detail.rounds}`]),
  ];
  return section('data', 'Data', html`<dl>
<dt>Result</dt><dd><code>${name}.json</code>, with every round, histogram and slice of time; <code>sameconn report ${name}.json</code> draws this page again, byte for byte</dd>
<dt>SHA-256</dt><dd><code>${sha256(written)}</code> of that file as it was written with this page</dd>
<dt>Journal</dt><dd><code>${name}.ndjson</code>, a line for each round, written as it ended</dd>
<dt>In this page</dt><dd>${detail.data ? html`the result without its rounds, as JSON in the element <code>#result</code>` : 'no figures for programs'}</dd>
${lost.length === 0 ? null : html`<dt>Left out</dt><dd>${lost.join(', ')}: with them this page would be larger than 5 MB</dd>`}</dl>
${detail.data ? html`<script type="application/json" id="result">${embedded(result)}</script>
` : null}`);
}

function sha256(result: Result): string {
  return createHash('sha256').update(json.render(result, { width: 80, color: false, unicode: true })).digest('hex');
}

/** JSON that no parser of HTML can take for markup. */
function embedded({ rounds: _rounds, $schema: _schema, ...rest }: Result): Markup {
  const text = JSON.stringify(mapStrings(rest, (own) => clip(own, 200)));
  return raw(text.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}
