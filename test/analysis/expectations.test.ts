import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.js';
import { completeBlocks } from '../../src/analysis/blocks.js';
import { judgeExpectations } from '../../src/analysis/expectations.js';
import type { RawRun } from '../../src/result/journal.js';
import type { ExpectationOutcome } from '../../src/result/schema.js';
import { fakeRun, type FakeArm } from '../fakes/raw-run.js';

// 6 blocks of two rounds each: 12 × 500 requests an arm. The blocks differ to and fro by up to 0.5 ms, so fresh − reused is 11.0 to 11.5 ms.
const arms: FakeArm[] = [
  { name: 'reused', failed: 2, aborted: 1, shed: 4, responseMs: () => 8 },
  { name: 'fresh', responseMs: (_, { block }) => 19 + ([0, 0.5, 0.1, 0.4, 0.2, 0.3][block] ?? 0) },
];
const run = fakeRun({ arms });
const result = analyze(run);

describe('an expectation of a quantity', () => {
  const cases: [text: string, state: ExpectationOutcome['state'], detail: string][] = [
    ['reused.response.p99 < 20ms', 'met', 'reused.response.p99 was 8.00 ms'],
    ['reused.response.p99 > 20ms', 'failed', 'reused.response.p99 was 8.00 ms'],
    ['fresh.response.max <= 19.5ms', 'met', 'fresh.response.max was 19.5 ms'],
    ['failures = 0', 'failed', 'failures was 36'],
    ['failures <= 36', 'met', 'failures was 36'],
    ['reused.failed = 24', 'met', 'reused.failed was 24'],
    ['reused.aborted = 12', 'met', 'reused.aborted was 12'],
    ['shed >= 49', 'failed', 'shed was 48'],
    ['requests = 12000', 'met', 'requests was 12,000'],
    ['fresh.opened = fresh.requests', 'met', 'fresh.opened was 6,000, fresh.requests was 6,000'],
    ['reused.opened = 0', 'met', 'reused.opened was 0'],
    ['reused.sent < fresh.sent', 'met', 'reused.sent was 5,940, fresh.sent was 6,000'],
    ['fresh.handshakes > fresh.tlsFull', 'failed', 'fresh.handshakes was 6,000, fresh.tlsFull was 6,000'],
    ['handshakes = 6000', 'met', 'handshakes was 6,000'],
  ];
  it.each(cases)('%s is %s', (text, state, detail) => {
    expect(judge(text)).toEqual({ text, state, detail });
  });

  it('cannot be told from fewer requests than its quantile needs', () => {
    expect(judge('fresh.response.p999 < 50ms')).toEqual({
      text: 'fresh.response.p999 < 50ms',
      state: 'cannot-tell',
      detail: 'fresh.response.p999 needs 14,000 more requests (20 beyond the quantile)',
    });
  });

  it('cannot be told of a time that no exchange had', () => {
    expect(judge('reused.tls.p50 < 5ms')).toMatchObject({ state: 'cannot-tell', detail: 'reused has no tls time: no exchange had one' });
  });

  it('cannot be told of an arm that did not run', () => {
    expect(judge('resumed.opened = 0')).toMatchObject({ state: 'cannot-tell', detail: 'the run has no arm called resumed' });
    expect(judge('reused.opened = resumed.opened')).toMatchObject({ state: 'cannot-tell' });
    expect(judge('resumed - reused at p50 > 1ms')).toMatchObject({ state: 'cannot-tell', detail: 'the run has no arm called resumed' });
  });
});

describe('an expectation of a difference', () => {
  const cases: [text: string, state: ExpectationOutcome['state']][] = [
    ['fresh - reused at p50 > 5ms', 'met'],
    ['fresh - reused at p50 > 11.2ms', 'cannot-tell'],
    ['fresh - reused at p50 > 12ms', 'failed'],
    ['fresh - reused at p50 < 12ms', 'met'],
    ['fresh - reused at p50 = 11.2ms', 'cannot-tell'],
    ['fresh - reused at p50 = 12ms', 'failed'],
    ['reused - fresh at p50 < 0ms', 'met'],
    ['reused - fresh at p50 >= -10ms', 'failed'],
  ];
  it.each(cases)('%s is %s, on the whole interval', (text, state) => {
    const outcome = judge(text);
    expect(outcome).toMatchObject({ text, state });
    expect(outcome.detail).toMatch(/^\w+ − \w+ was -?11\.\d ms \[-?11\.\d, -?11\.\d\]; judged on the interval$/);
  });

  it('is judged on the estimate where the blocks are too few for an interval, and says so', () => {
    const short = fakeRun({ arms, blocks: 5 });
    expect(judge('fresh - reused at p50 > 11ms', short)).toEqual({
      text: 'fresh - reused at p50 > 11ms',
      state: 'met',
      detail: 'fresh − reused was 11.3 ms; judged on the estimate alone: too few blocks for an interval',
    });
    expect(judge('fresh - reused at p50 > 11.5ms', short).state).toBe('failed');
  });

  it('has the interval that the comparison has', () => {
    const { ci } = result.comparisons.find((comparison) => comparison.quantile === 0.5)!;
    expect(judge('fresh - reused at p50 > 5ms').detail).toContain(`[${ci?.lowMs.toFixed(1)}, ${ci?.highMs.toFixed(1)}]`);
  });

  it('speaks of any metric and of arms that are not the baseline', () => {
    expect(judge('fresh - reused at p50 of wait > 1ms', fakeRun({ arms, baseline: 'reused' })).state).toBe('met');
  });

  it('cannot be told where a block has too few requests', () => {
    expect(judge('fresh - reused at p99 > 5ms')).toMatchObject({ state: 'cannot-tell', detail: 'needs 1,014 more requests per arm in every block (20 beyond the quantile)' });
  });
});

it('an expectation that cannot be read is not met', () => {
  expect(judge('make it fast')).toMatchObject({ text: 'make it fast', state: 'cannot-tell' });
});

function judge(text: string, raw: RawRun = run): ExpectationOutcome {
  const [outcome] = judgeExpectations([text], raw === run ? result.arms : analyze(raw).arms, completeBlocks(raw));
  if (!outcome) throw new Error('no outcome');
  return outcome;
}
