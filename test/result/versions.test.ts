/** Files of other versions: what a newer minor version added is overlooked, another major version is refused in words. */
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli.js';
import { html, json } from '../../src/reporters/index.js';
import { journalLine, readJournal } from '../../src/result/journal.js';
import { readResult } from '../../src/result/read.js';
import { SCHEMA_VERSION, type Result } from '../../src/result/schema.js';
import { fakeIo } from '../fakes/io.js';
import { fakeRun } from '../fakes/raw-run.js';
import { fixture } from '../fakes/results.js';

const STYLE = { width: 80, color: false, unicode: true };
const [major, minor] = SCHEMA_VERSION.split('.').map(Number) as [number, number];
const NEWER = `${major}.${minor + 1}.0`;
const run = fakeRun({ blocks: 1, requests: 60 });

/** The same run, as a later version could have written it: more is known in every part. */
function fromTheFuture(result: Result): Result {
  const more = { addedLater: { anything: ['at all'] } };
  return {
    ...result,
    ...more,
    schemaVersion: NEWER,
    run: { ...result.run, ...more },
    environment: { ...result.environment, ...more },
    plan: { ...result.plan, ...more },
    arms: result.arms.map((arm) => ({ ...arm, ...more, totals: { ...arm.totals, ...more } })),
    rounds: result.rounds.map((round) => ({ ...round, ...more, requests: { ...round.requests, ...more }, connections: { ...round.connections, ...more } })),
    comparisons: result.comparisons.map((comparison) => ({ ...comparison, ...more })),
    gates: result.gates.map((gate) => ({ ...gate, ...more })),
  };
}

/** The page without what tells one file from another: its version, its digest, its figures for programs. */
function drawn(result: Result): string {
  return html.render(result, STYLE).replaceAll(result.schemaVersion, 'version').replace(/[0-9a-f]{64}/, 'digest').replace(/<script type="application\/json"[^]*?<\/script>/, '');
}

describe('a result of an older minor version', () => {
  test('is read with a probe that knew less, and says what it was not asked', () => {
    const { maxAge: _age, closing: _closing, backends: _backends, http2: _http2, ...probe } = structuredClone(fixture('probed').probe!);
    const older = { ...probe, idle: { ...probe.idle, boundsMs: undefined } };
    const read = readResult(JSON.stringify({ ...fixture('single-arm'), schemaVersion: '1.1.0', probe: older }), 'r.json');
    expect(read.probe).toMatchObject({ maxAge: { state: 'unknown', detail: 'not asked by the version that probed' }, closing: { state: 'unknown' }, backends: { state: 'unknown' }, http2: null, idle: { boundsMs: [] } });
    expect(html.render(read, STYLE)).toContain('not asked by the version that probed');
  });
});

describe('a result of a newer minor version', () => {
  const known = fixture('single-arm');
  const text = json.render(fromTheFuture(known), STYLE);

  test('is read, and draws the same page as without what was added', () => {
    expect(drawn(readResult(text, 'r.json'))).toBe(drawn(known));
  });

  test('keeps what was added when it is written again', async () => {
    const io = fakeIo({}, { 'r/monday.json': text });
    expect(await main(['report', 'r/monday.json', '--quiet'], io)).toBe(0);
    expect(io.files.get('r/monday.json')).toBe(text);
  });

  test('that does not fit all the same is refused with the reason that is likely', () => {
    const unknownState = JSON.stringify({ ...fromTheFuture(known), verdict: { state: 'faster-on-mondays', sentence: '' } });
    expect(() => readResult(unknownState, 'r.json')).toThrow(/^r\.json verdict\.state: /);
    expect(remedyOf(() => readResult(unknownState, 'r.json'))).toContain(`newer sameconn (schema ${NEWER}`);
    expect(remedyOf(() => readResult(unknownState.replaceAll(NEWER, SCHEMA_VERSION), 'r.json'))).toContain('by hand');
  });
});

test.each([
  [`${major + 1}.0.0`, /^r\.json was written by a newer sameconn \(schema \d+\.0\.0; this one reads \d+\.x\); update sameconn$/],
  ['0.9.0', /^r\.json was written by an older sameconn/],
  ['banana', /^r\.json is not of sameconn: it has no schemaVersion; /],
  [7, /^r\.json is not of sameconn/],
])('a result of version %s is refused in words', (schemaVersion, complaint) => {
  expect(() => readResult(JSON.stringify({ ...fixture('single-arm'), schemaVersion }), 'r.json')).toThrow(complaint);
});

describe('a journal', () => {
  const journal = (schemaVersion: string, more: object): string =>
    [journalLine({ type: 'run', ...run.record, schemaVersion, ...more }), ...run.rounds.map((round) => journalLine({ type: 'round', ...round, ...more })), journalLine({ type: 'end', complete: true, durationMs: run.durationMs })].join('');

  test('of a newer minor version is read without what was added', () => {
    const { rounds, record } = readJournal(journal(NEWER, { addedLater: [1] }), 'r.ndjson');
    expect(rounds).toEqual(run.rounds);
    expect(record).toEqual({ ...run.record, schemaVersion: NEWER });
  });

  test('of a newer major version is refused, naming the line', () => {
    expect(() => readJournal(journal(`${major + 1}.0.0`, {}), 'r.ndjson')).toThrow(/^r\.ndjson:1 was written by a newer sameconn/);
  });
});

function remedyOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as { remedy?: string }).remedy ?? '';
  }
  return '';
}
