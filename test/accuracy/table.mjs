// Prints what the accuracy suite measured last as a Markdown table: `npm run accuracy:table [-- short]`.
import { readFileSync } from 'node:fs';

const form = process.argv[2] ?? 'full';
const lines = readFileSync(new URL('../output/accuracy.ndjson', import.meta.url), 'utf8').trim().split('\n');
const newest = new Map(lines.map((line) => JSON.parse(line)).filter((row) => row.form === form).map((row) => [`${row.experiment} ${row.case}`, row]));
const rows = [...newest.values()].sort((a, b) => a.experiment.localeCompare(b.experiment, 'en', { numeric: true }));

console.log('| | case | measured | bar | |\n|---|---|---|---|---|');
let before = '';
for (const { experiment, case: what, measured, bar = '', met } of rows) {
  console.log(`| ${experiment === before ? '' : experiment} | ${what} | ${measured} | ${bar} | ${met === undefined ? '' : met ? 'met' : 'not met'} |`);
  before = experiment;
}
