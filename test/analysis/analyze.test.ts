import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.js';
import { Histogram } from '../../src/measure/histogram.js';
import { journalLine, readJournal } from '../../src/result/journal.js';
import { resultFile } from '../../src/result/schema.js';
import { fakeRun } from '../fakes/raw-run.js';

const run = fakeRun({ arms: [{ name: 'reused', failed: 3, shed: 5 }, { name: 'fresh' }, { name: 'resumed' }], requests: 300, expectations: ['failures = 0'] });
const result = analyze(run);

describe('the analysis of a run', () => {
  it('is a result by the schema of the result file', () => {
    expect(resultFile.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('is the same when the run is read back from its journal', () => {
    const text = [journalLine({ type: 'run', ...run.record }), ...run.rounds.map((round) => journalLine({ type: 'round', ...round })), journalLine({ type: 'end', complete: true, durationMs: run.durationMs })];
    expect(JSON.stringify(analyze(readJournal(text.join(''), 'fake.ndjson')))).toBe(JSON.stringify(result));
  });

  it('leaves the run as it was', () => {
    const before = JSON.stringify(run);
    analyze(run);
    expect(JSON.stringify(run)).toBe(before);
  });

  it('carries what is known of the run, its rounds and whether it is complete', () => {
    expect(result).toMatchObject({ schemaVersion: run.record.schemaVersion, plan: run.record.plan, run: { ...run.record.run, complete: true, durationMs: run.durationMs } });
    expect(result.rounds).toEqual(run.rounds);
    expect(analyze(fakeRun({ ended: 7 })).run.complete).toBe(false);
  });
});

describe('the totals of an arm', () => {
  const reused = result.arms[0]!.totals;

  it('add up its rounds, the warm-up apart', () => {
    expect(reused.requests).toMatchObject({ planned: 12 * 300, sent: 12 * 295, completed: 12 * 292, failed: 36, shed: 60, aborted: 0, failures: { 'response-timeout': 36 }, statuses: { '200': 12 * 292 } });
    expect(reused.requests.warmup).toMatchObject({ planned: 600, completed: 600, failed: 0 });
    expect(reused.connections).toMatchObject({ opened: 0, warmup: { opened: 384, tlsFull: 384, openedBecause: { initial: 384 } } });
    expect(result.arms[1]!.totals.connections.requestsPerConnection).toEqual({ '1': 12 * 350 });
  });

  it('hold the largest peaks of any round', () => {
    const uneven = { ...run, rounds: run.rounds.map((round) => (round.index === 3 ? { ...round, connections: { ...round.connections, peakOpen: 99, peakNeeded: 77 } } : round)) };
    const { connections } = analyze(uneven).arms.find((arm) => arm.name === run.rounds[3]!.arm)!.totals;
    expect([connections.peakOpen, connections.peakNeeded]).toEqual([99, 77]);
    expect(reused.connections.peakOpen).toBe(32);
  });

  it('summarise the merged distributions of all its rounds', () => {
    const all = Histogram.empty();
    for (const round of run.rounds) if (round.arm === 'fresh') all.add(Histogram.decode(round.histograms.response));
    expect(result.arms[1]!.totals.latencyMs.response).toEqual(all.summary());
    expect(reused.latencyMs.response.count).toBe(reused.requests.completed);
    expect(reused.latencyMs.tls.count).toBe(0);
  });
});

describe('an analysis of little', () => {
  it('of a run without a round has empty arms, and no verdict', () => {
    const empty = analyze(fakeRun({ ended: 0 }));
    expect(resultFile.parse(JSON.parse(JSON.stringify(empty)))).toEqual(empty);
    expect(empty.arms.map((arm) => arm.totals.requests.planned)).toEqual([0, 0]);
    expect(empty.verdict.state).toBe('cannot-tell');
  });

  it('of an arm whose requests all failed has no latency, no estimate and no verdict', () => {
    const failing = analyze(fakeRun({ arms: [{ name: 'reused', failed: 500 }, { name: 'fresh' }] }));
    expect(failing.verdict.state).toBe('untrustworthy');
    expect(failing.verdict.sentence).toContain('Reused lost 100 % of its requests (6,000 failed)');
    expect(resultFile.parse(JSON.parse(JSON.stringify(failing)))).toEqual(failing);
  });
});
