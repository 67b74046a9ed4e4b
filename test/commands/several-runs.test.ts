import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, describe, test } from 'vitest';
import { main } from '../../src/cli.js';
import { journalLine } from '../../src/result/journal.js';
import { historyJsonSchema, runComparisonJsonSchema } from '../../src/result/publish-schema.js';
import type { History } from '../../src/result/history-schema.js';
import type { RunComparison } from '../../src/result/run-comparison-schema.js';
import type { Result } from '../../src/result/schema.js';
import { toolVersion } from '../../src/version.js';
import { fixture, HOSTILE } from '../fakes/results.js';
import { armsAt, rawAt, resultAt } from '../fakes/two-runs.js';
import { script } from '../../src/reporters/html/script.js';
import { fakeIo } from '../fakes/io.js';

const LOAD = { requests: 400, warmup: 20 };
const before = resultAt(0, { arms: armsAt({ reused: [5, 0.2], fresh: [9, 0.2] }), ...LOAD });
const after = resultAt(24, { arms: armsAt({ reused: [7, 0.2], fresh: [9, 0.2] }), ...LOAD });
const untrusted: Result = { ...after, run: { ...after.run, id: 'untrusted', startedAt: '2026-01-04T00:00:00.000Z' }, verdict: { state: 'untrustworthy', sentence: 'No verdict.' } };
const hostile = fixture('hostile');
const worse: Result = { ...hostile, run: { ...hostile.run, id: 'another', startedAt: HOSTILE.markup } };
const FILES = { 'r/a.json': JSON.stringify(before), 'r/b.json': JSON.stringify(after), 'r/u.json': JSON.stringify(untrusted), 'r/h.json': JSON.stringify(hostile), 'r/i.json': JSON.stringify(worse) };

async function say(words: readonly string[], files: Readonly<Record<string, string>> = FILES) {
  const io = fakeIo({ argv: words }, files);
  const code = await main(words, io);
  return { code, ...io.said, files: io.files, written: [...io.files.keys()].filter((path) => !(path in files)).sort() };
}

describe('sameconn compare', () => {
  test('writes three files and prints the same: the warning first, then the verdict, in 80 columns', async () => {
    const { code, stdout, written, files } = await say(['compare', 'r/a.json', 'r/b.json', '--out', 'o']);
    expect([code, written]).toEqual([0, ['o/a-to-b.html', 'o/a-to-b.json', 'o/a-to-b.md']]);
    expect(stdout).toMatch(/^ These runs were not interleaved[^]*\n\n SLOWER\n Reused in b is slower than reused in a: /);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const path of written) expect(files.get(path)).toContain('These runs were not interleaved');
    expect(files.get('o/a-to-b.html')!.indexOf('not interleaved')).toBeLessThan(files.get('o/a-to-b.html')!.indexOf('SLOWER'));
  });

  test('with --json prints one document that the published schema accepts', async () => {
    const { code, stdout, files } = await say(['compare', 'r/a.json', 'r/b.json', '--out', 'o', '--name', 'n', '--json']);
    const valid = new Ajv2020({ strict: false }).compile(runComparisonJsonSchema());
    expect([code, valid(JSON.parse(stdout)), valid.errors]).toEqual([0, true, null]);
    expect(files.get('o/n.json')).toBe(stdout);
  });

  test('reads journals as it reads results', async () => {
    const raw = rawAt(24, { arms: armsAt({ reused: [7, 0.2], fresh: [9, 0.2] }), ...LOAD });
    const journal = [journalLine({ type: 'run', ...raw.record }), ...raw.rounds.map((round) => journalLine({ type: 'round', ...round })), journalLine({ type: 'end', complete: true, durationMs: raw.durationMs })].join('');
    const { stdout } = await say(['compare', 'r/a.json', 'r/b.ndjson', '--json'], { ...FILES, 'r/b.ndjson': journal });
    expect((JSON.parse(stdout) as RunComparison).verdict.state).toBe('slower');
  });

  test('ends with 3 when a run cannot be trusted, and with 1 where slower was said to be a failure', async () => {
    const { code, stdout } = await say(['compare', 'r/a.json', 'r/u.json']);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/NOT TO BE TRUSTED\n No verdict: run b cannot be trusted\.[^]*not for decisions/)]);
    expect((await say(['compare', 'r/a.json', 'r/b.json', '--fail-on-slower', '--quiet'])).code).toBe(1);
    expect((await say(['compare', 'r/b.json', 'r/a.json', '--fail-on-slower', '--quiet'])).code).toBe(0);
  });

  test('says nothing with --quiet, and the same bytes every time', async () => {
    const [once, again] = await Promise.all([say(['compare', 'r/a.json', 'r/b.json', '--quiet']), say(['compare', 'r/a.json', 'r/b.json', '--quiet'])]);
    expect([once.stdout, once.stderr]).toEqual(['', '']);
    for (const path of once.written) expect(again.files.get(path)).toBe(once.files.get(path));
  });

  test.each([
    [['r/a.json', 'r/a.json'], 'both files hold the same run'],
    [['r/a.json', 'r/none.json'], 'there is no file r/none.json'],
    [['r/a.json', 'r/b.json', '--out', 'r', '--name', 'a'], 'r/a.json is one of the files to read, and would be written over'],
    [['r/a.json', 'r/b.json', '--run-to-run', '3'], '--run-to-run: "3" has no unit; write 3ms or 3s'],
  ])('refuses %j in one sentence, and writes nothing', async (words, complaint) => {
    const { code, stderr, written } = await say(['compare', ...words]);
    expect([code, stderr, written]).toEqual([2, expect.stringContaining(complaint), []]);
  });
});

describe('sameconn report of several runs', () => {
  test('draws them in the order in which they began, whatever the order of the words', async () => {
    const page = (words: readonly string[]) => say(['report', ...words, '--quiet']);
    const [forth, back] = await Promise.all([page(['r/a.json', 'r/b.json', 'r/h.json']), page(['r/h.json', 'r/b.json', 'r/a.json'])]);
    expect([forth.code, forth.written]).toEqual([0, ['r/history.html', 'r/history.json', 'r/history.md']]);
    for (const path of forth.written) expect(back.files.get(path)).toBe(forth.files.get(path));
    const { runs } = JSON.parse((await say(['report', 'r/b.json', 'r/a.json', '--json'])).stdout) as History;
    expect(runs.map(({ name, changed }) => [name, changed])).toEqual([['nightly-0', []], ['nightly-24', []]]);
  });

  test('shows p50 and p99 of each, with their rounds around them, and links the report that lies beside', async () => {
    const { files, stdout } = await say(['report', 'r/a.json', 'r/b.json', '--out', 'o'], { ...FILES, 'r/b.html': '' });
    const page = files.get('o/history.html')!;
    expect(page).toContain('<a href="./../r/b.html">its report</a>');
    expect(page.match(/its report/g)).toHaveLength(1);
    expect(page).toContain('id="run-1"');
    expect(page).toContain('<th scope="row"><a class="more" href="#run-1">1</a></th>'); // in the table of each arm
    const { arms } = (JSON.parse(files.get('o/history.json')!) as History).runs[1]!;
    const { p50 } = arms[0]!;
    expect(p50!.lowMs).toBeLessThanOrEqual(p50!.ms);
    expect(p50!.highMs).toBeGreaterThanOrEqual(p50!.ms);
    expect(stdout).toMatch(/^ These runs were not interleaved/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('gives a document that the published schema accepts', async () => {
    const valid = new Ajv2020({ strict: false }).compile(historyJsonSchema());
    const { stdout } = await say(['report', 'r/a.json', 'r/b.json', 'r/i.json', '--json']);
    expect([valid(JSON.parse(stdout)), valid.errors]).toEqual([true, null]);
  });

  test('of one run is that run’s own report, as before', async () => {
    const { written } = await say(['report', 'r/a.json', '--name', 'again', '--quiet']);
    expect(written).toEqual(['r/again.html', 'r/again.json', 'r/again.md']);
  });

  test('refuses the same run twice', async () => {
    expect(await say(['report', 'r/a.json', 'r/a.json'])).toMatchObject({ code: 2, stderr: expect.stringContaining('nightly-0 is given twice') as string, written: [] });
  });
});

test('--export is refused for several runs: its formats hold one', async () => {
  expect(await say(['report', 'r/a.json', 'r/b.json', '--export', 'csv'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--export') as string, written: [] });
});

describe.each([['compare', 'r/h.json', 'r/i.json'], ['report', 'r/h.json', 'r/i.json'], ['compare', 'r/a.json', 'r/b.json'], ['report', 'r/a.json', 'r/b.json', 'r/u.json']])('the page of %s %s %s', (...words) => {
  test('holds no script but the page’s own, no stranger’s markup and no name twice, and every reference finds its name', async () => {
    const { files } = await say([...words, '--out', 'o', '--name', 'n', '--quiet']);
    const page = files.get('o/n.html')!.replace(`<script>${script}</script>`, '');
    expect(page).not.toMatch(/<script|<img|<svg onload|<iframe/i);
    expect(page.replace(/"[^"]*"/g, '""').match(/<[a-z]+[^>]* (?:style|on[a-z]+)=/i)).toBeNull();
    expect(page).not.toMatch(/\bNaN\b|\bundefined\b|\[object |\bInfinity\b/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const references = [...page.matchAll(/href="#([^"]+)"|aria-labelledby="([^"]+)"/g)].flatMap(([, a, b]) => (a ?? b ?? '').split(' '));
    expect([...new Set(references)].filter((id) => !ids.includes(id))).toEqual([]);
    expect(Buffer.byteLength(page)).toBeLessThan(250 * 1024);
  });

  test('in Markdown and on a terminal opens no tag, calls nobody and moves no cursor', async () => {
    const { files, stdout } = await say([...words, '--out', 'o', '--name', 'n']);
    const text = files.get('o/n.md')!;
    expect(text).not.toMatch(/<(?!\/?(?:details|summary|br)>)|@somebody|(?<!&)#12|\*\*bold|\]\(javascript/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16 * 1024);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]|\bNaN\b|\bundefined\b/);
  });
});

test.each([['run-comparison', runComparisonJsonSchema()], ['history', historyJsonSchema()]])('the published schema of %s is that of the code', async (name, schema) => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`../../reports/${name}.schema.json`);
});

test.each([['compare', 'r/a.json', 'r/b.json'], ['report', 'r/a.json', 'r/b.json', 'r/u.json']])('%s draws %s and %s as the golden files show', async (...words) => {
  const { files, stdout } = await say([...words, '--out', 'o', '--name', 'n']);
  const ofAnyVersion = (text: string): string => text.replaceAll(`sameconn ${toolVersion}`, 'sameconn x.y.z');
  for (const extension of ['html', 'md']) await expect(ofAnyVersion(files.get(`o/n.${extension}`)!)).toMatchFileSnapshot(`../golden/several-runs/${words[0]}.${extension}`);
  await expect(stdout).toMatchFileSnapshot(`../golden/several-runs/${words[0]}.txt`);
});
