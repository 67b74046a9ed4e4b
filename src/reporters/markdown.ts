import type { GateOutcome, Result } from '../result/schema.js';
import { declaredSentence, precisionSentence } from './declared.js';
import { floorSentence } from './floor.js';
import type { Reporter } from './reporter.js';
import { armsTable, differencesTable, doubtsOf, latenessSentence, partialSentence, promisesTable, trustSentence } from './summary.js';
import type { Cell, Table } from './table.js';
import { clip, legible, mapStrings } from './text.js';
import { expectationWords, experimentSentence, gateWords, targetWords, trafficSentence, verdictWords } from './words.js';

/** A pull request takes 64 K characters and shares them with others: this part stays within 16 KB. */
export const MOST_BYTES = 16 * 1024;

/** The result for a pull request or a job summary: GitHub's Markdown, at most 16 KB, nothing in it that a stranger's text could turn into markup. */
export const markdown: Reporter = {
  kind: 'markdown',
  summary: 'a summary for a pull request or a job page, at most 16 KB',
  extension: 'md',
  render: (result) => withinLimit(parts(mapStrings(result, legible))),
};

function parts(result: Result): readonly string[] {
  const { state, sentence } = result.verdict;
  const partial = partialSentence(result);
  const differences = differencesTable(result);
  const doubts = doubtsOf(result);
  return [
    `### ${verdictWords[state].text}: ${escaped(clip(result.run.name, 80))}`,
    escaped(clip(sentence, 700)),
    ...(state === 'untrustworthy' ? ['**The figures below are not for decisions.**'] : []),
    ...(partial === null ? [] : [`**Partial.** ${escaped(partial)}`]),
    `${escaped(clip(targetWords(result), 200))}. ${escaped(clip(trafficSentence(result), 300))}. ${escaped(experimentSentence(result))}.`,
    ...[declaredSentence(result), precisionSentence(result)].filter((sentence) => sentence !== '').map((sentence) => `${escaped(sentence.replace(/\.$/, ''))}.`),
    ...(result.arms.length === 0 ? [] : [tableText(armsTable(result))]),
    ...(differences === null ? [] : [`#### ${escaped(upperFirst(differences.caption))}`, tableText(differences)]),
    ...(result.arms.length === 0 ? [] : ['#### Promises', tableText(promisesTable(result))]),
    ...(result.expectations.length === 0 ? [] : ['#### Expectations', expectationsText(result)]),
    `#### Trust`,
    `${escaped(upperFirst(trustSentence(result)))}; ${escaped(latenessSentence(result))}. Seed ${result.run.seed}.`,
    ...(doubts.length === 0 ? [] : [bullets(doubts.map(gateText))]),
    `<details><summary>Environment</summary>\n\n${bullets(environment(result))}\n\n</details>`,
  ];
}

function gateText({ id, state, title, detail, remedy }: GateOutcome): string {
  return `**${gateWords[state].text}** ${escaped(clip(`${id} ${title}`, 80))}: ${escaped(clip([detail, remedy].filter((part) => part !== '').join('; '), 400))}`;
}

/** Every one, those that were not met first. */
function expectationsText({ expectations }: Result): string {
  const met = (wanted: boolean): Result['expectations'] => expectations.filter(({ state }) => (state === 'met') === wanted);
  return bullets([...met(false), ...met(true)].map(({ state, text, detail }) => {
    const measured = detail === '' ? '' : `: ${escaped(clip(detail, 200))}`;
    return `**${expectationWords[state].text}** ${escaped(clip(text, 120))}${measured}`;
  }));
}

function environment(result: Result): readonly string[] {
  const { tool, environment, run } = result;
  return [
    `sameconn ${tool.version}, Node ${tool.node}, undici ${tool.undici}, OpenSSL ${tool.openssl}`,
    `${environment.os}, ${environment.kernel}, ${environment.cores} cores of ${environment.cpu}`,
    `started ${run.startedAt}`,
    ...(run.scenario ? [`scenario ${clip(run.scenario.file, 80)}, ${run.scenario.commit === null ? 'in no git repository' : `commit ${clip(run.scenario.commit, 64)}`}`] : []),
    floorSentence(result),
  ].map((line) => escaped(clip(line, 200)));
}

export function bullets(lines: readonly string[]): string {
  const shown = lines.slice(0, 20);
  return [...shown, ...(lines.length > shown.length ? [`and ${lines.length - shown.length} more`] : [])].map((line) => `- ${line}`).join('\n');
}

export function tableText(table: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = [line(table.columns.map(({ label }) => escaped(label))), line(table.columns.map(({ align }) => (align === 'number' ? '---:' : '---')))];
  const cellText = ({ text, tone }: Cell): string => (tone === 'bad' ? `**${escaped(text)}**` : escaped(text));
  const rows = table.rows.map(({ cells, role }) => line(cells.map((cell, index) => `${role === 'part' && index === 0 ? '&nbsp;&nbsp;' : ''}${cellText(cell)}`)));
  const notes = (table.notes ?? []).map(escaped).join('<br>\n');
  return [rows.length === 0 ? '' : [...head, ...rows].join('\n'), notes].filter((part) => part !== '').join('\n\n');
}

/** Text as text: no table break, tag, mention, issue link, emphasis, link or code. GitHub looks for mentions after it has read the entities, so `@` and `#` are parted from their word as well. */
export function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/[|<>@#`*_~\\]|\](?=[([:])/g, (character) => `&#${character.charCodeAt(0)};${character === '@' || character === '#' ? '&#8203;' : ''}`)
    .replace(/\s+/g, ' ');
}

/** Leaves out parts from the end until the rest fits, and says so. */
export function withinLimit(all: readonly string[]): string {
  for (let kept = all.length; ; kept--) {
    const text = `${[...all.slice(0, kept), ...(kept < all.length ? ['The rest did not fit here; it is in the HTML report.'] : [])].join('\n\n')}\n`;
    if (Buffer.byteLength(text) <= MOST_BYTES || kept === 1) return text;
  }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
