import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.js';
import type { ComparisonState } from '../../src/analysis/comparisons.js';
import { decideVerdict } from '../../src/analysis/verdict.js';
import type { Comparison, GateOutcome, Result, Verdict } from '../../src/result/schema.js';
import { fakeRun, type FakeArm, type FakeRun } from '../fakes/raw-run.js';

describe('the verdict', () => {
  it('on a clear difference names both arms, the saving and its interval at p50 and p99', () => {
    expect(verdictOf(p50('faster', 11.8, [11.6, 12.0]), p99('faster', 14.9, [12.7, 17.3]))).toEqual({
      state: 'faster',
      sentence: 'Reused is faster than fresh: 11.8 ms less at p50 [11.6, 12.0]; 14.9 ms less at p99 [12.7, 17.3].',
    });
  });

  it('mirrors a slower arm: what it takes more, the smaller bound first', () => {
    expect(verdictOf(p50('slower', -11.8, [-12.0, -11.6]), p99('slower', -0.5, [-0.9, -0.2]))).toEqual({
      state: 'slower',
      sentence: 'Reused is slower than fresh: 11.8 ms more at p50 [11.6, 12.0]; 0.500 ms more at p99 [0.200, 0.900].',
    });
  });

  it('on a small difference names the margin that it may lie below', () => {
    expect(verdictOf(p50('faster-small', 0.5, [0.2, 0.8]))).toEqual({
      state: 'faster-small',
      sentence: 'Reused is faster than fresh, but perhaps by less than the margin of 0.400 ms: 0.500 ms less at p50 [0.200, 0.800].',
    });
    expect(verdictOf(p50('slower-small', -0.5, [-0.8, -0.2]), p99('slower-small', -0.6, [-0.9, -0.1], 0.7)).sentence).toBe(
      'Reused is slower than fresh, but perhaps by less than the margins of 0.400 ms and 0.700 ms: 0.500 ms more at p50 [0.200, 0.800]; 0.600 ms more at p99 [0.100, 0.900].',
    );
  });

  it('on no practical difference names the margin it lies within', () => {
    expect(verdictOf(p50('same', 0.05, [-0.1, 0.2]), p99('same', 0.1, [-0.3, 0.5], 0.6))).toEqual({
      state: 'same',
      sentence: 'No practical difference between reused and fresh: within ± 0.400 ms at p50 [-0.100, 0.200]; within ± 0.600 ms at p99 [-0.300, 0.500].',
    });
  });

  it('that cannot tell says what it would take', () => {
    expect(verdictOf(p50('cannot-tell', -0.3, [-1.9, 1.2], 0.4, 'about 34 blocks would be needed for ± 0.400 ms'))).toEqual({
      state: 'cannot-tell',
      sentence: 'Cannot tell at p50: fresh − reused = -0.300 ms [-1.90, 1.20]. About 34 blocks would be needed for ± 0.400 ms.',
    });
  });

  it('is faster where one quantile says so and the other cannot tell', () => {
    expect(verdictOf(p50('faster', 11.8, [11.6, 12.0]), p99('cannot-tell', 3, [-2, 8]))).toEqual({
      state: 'faster',
      sentence: 'Reused is faster than fresh: 11.8 ms less at p50 [11.6, 12.0]. Cannot tell at p99: fresh − reused = 3.00 ms [-2.00, 8.00].',
    });
  });

  it('keeps apart a p50 that is the same and a p99 that is slower', () => {
    expect(verdictOf(p50('same', 0, [-0.1, 0.1]), p99('slower', -5, [-6, -4]))).toEqual({
      state: 'slower',
      sentence: 'No practical difference between reused and fresh: within ± 0.400 ms at p50 [-0.100, 0.100]. Reused is slower than fresh: 5.00 ms more at p99 [4.00, 6.00].',
    });
  });

  it('takes no side where the quantiles disagree', () => {
    expect(verdictOf(p50('faster', 5, [4, 6]), p99('slower-small', -0.2, [-0.3, -0.1])).state).toBe('cannot-tell');
  });

  it('does not call the same what one quantile leaves open', () => {
    expect(verdictOf(p50('same', 0, [-0.1, 0.1]), p99('cannot-tell', 3, [-2, 8])).state).toBe('cannot-tell');
  });

  it('is limited to the quantiles that have their samples, and says so', () => {
    const unknown: Comparison = { ...p99('cannot-tell', 0, [0, 0]), estimateMs: null, ci: null, detail: 'needs 500 more requests per arm in every block' };
    expect(verdictOf(p50('same', 0, [-0.1, 0.1]), unknown)).toEqual({
      state: 'same',
      sentence: 'No practical difference between reused and fresh: within ± 0.400 ms at p50 [-0.100, 0.100]. p99 is not judged: needs 500 more requests per arm in every block.',
    });
  });

  it('leaves the exploratory quantiles out', () => {
    const p90: Comparison = { ...p50('slower', -9, [-10, -8]), quantile: 0.9, primary: false };
    expect(verdictOf(p50('faster', 5, [4, 6]), p90).sentence).not.toContain('p90');
  });
});

describe('the headline', () => {
  const candidate = (arms: readonly FakeArm[], baseline: string): string => analyze(fakeRun({ arms, baseline, requests: 60 })).verdict.sentence.split(' ')[0] ?? '';
  const faster = (name: string): FakeArm => ({ name, responseMs: () => 1 });
  const slower = (name: string): FakeArm => ({ name, responseMs: () => 5 });

  it('is the first reused arm against another baseline', () => {
    expect(candidate([slower('fresh'), faster('resumed'), faster('reused')], 'fresh')).toBe('Reused');
  });

  it('is the first other arm where none is reused, or the baseline is', () => {
    expect(candidate([slower('fresh'), faster('resumed'), faster('capped')], 'fresh')).toBe('Resumed');
    expect(candidate([slower('reused'), faster('fresh'), { ...faster('kept'), policy: 'reused' }], 'reused')).toBe('Fresh');
  });
});

describe('beside the difference, the verdict', () => {
  it('says plainly that an arm broke its promise', () => {
    const { sentence } = analyze(fakeRun({ arms: [{ name: 'reused', serverClosesAfter: 10 }, { name: 'fresh' }] })).verdict;
    expect(sentence).toContain(' Reused did not do what its policy promises (NOT held: promised at most 32 connections in a round, 55 were opened;');
    expect(sentence).not.toContain('Fresh did not');
  });

  it('says how many requests were lost where it is more than one in a hundred', () => {
    const sentence = (failed: number): string => analyze(fakeRun({ arms: [{ name: 'reused', failed, shed: 2 }, { name: 'fresh' }] })).verdict.sentence;
    expect(sentence(8)).toContain(' Reused lost 2 % of its requests (96 failed, 24 shed); its latencies hold only those that were answered.');
    expect(sentence(3)).not.toContain('lost');
  });

  it('says at once that p50 and p99 have no block', () => {
    expect(analyze(fakeRun({ ended: 2 })).verdict).toEqual({ state: 'cannot-tell', sentence: 'p50 and p99 are not judged: no block was completed.' });
  });
});

describe('a run of one arm', () => {
  it('is not judged: it states its quantiles and its handshakes', () => {
    const { verdict } = analyze(fakeRun({ arms: [{ name: 'fresh', responseMs: () => 8.3 }], requests: 500 }));
    expect(verdict).toEqual({ state: 'not-judged', sentence: 'Fresh, on its own: p50 8.30 ms, p99 8.30 ms; 100 handshakes per 100 requests.' });
  });

  it('says what a quantile needs in place of a number that few requests carry', () => {
    const { verdict } = analyze(fakeRun({ arms: [{ name: 'reused', responseMs: () => 8.3 }], baseline: 'reused', requests: 100 }));
    expect(verdict.sentence).toBe('Reused, on its own: p50 8.30 ms, p99 needs 800 more requests; 0 handshakes per 100 requests.');
  });
});

describe('a failed gate', () => {
  const late: GateOutcome = { id: 'late', title: 'the generator was on time', state: 'fail', value: 6.2, limit: 1.4, unit: 'ms', detail: 'late p99 6.2 ms > limit 1.4 ms', remedy: 'lower the rate or add workers' };

  it('makes the run untrustworthy, whatever the intervals say', () => {
    expect(decideVerdict(evidence([p50('faster', 11.8, [11.6, 12])]), [late])).toEqual({
      state: 'untrustworthy',
      sentence: 'No verdict: the check “the generator was on time” failed (late p99 6.2 ms > limit 1.4 ms). Fix: lower the rate or add workers.',
    });
  });

  it('is followed by the others that failed', () => {
    const others = [{ ...late, title: 'requests were lost' }, { ...late, title: 'the clock drifted' }];
    expect(decideVerdict(evidence([]), [late, ...others]).sentence).toMatch(/ Also failed: “requests were lost” and “the clock drifted”\.$/);
  });

  it('is not a warning, nor one that was not measured', () => {
    const quiet = (['pass', 'warn', 'not-measured'] as const).map((state) => ({ ...late, state }));
    expect(decideVerdict(evidence([p50('faster', 11.8, [11.6, 12])]), quiet).state).toBe('faster');
  });
});

function verdictOf(...comparisons: readonly Comparison[]): Verdict {
  return decideVerdict(evidence(comparisons), []);
}

function evidence(comparisons: readonly Comparison[], wanted: Partial<FakeRun> = {}): Result {
  return { ...analyze(fakeRun({ requests: 50, blocks: 1, ...wanted })), comparisons: [...comparisons] };
}

function p50(state: ComparisonState, estimateMs: number, [lowMs, highMs]: [number, number], marginMs = 0.4, detail = ''): Comparison {
  return { baseline: 'fresh', candidate: 'reused', metric: 'response', quantile: 0.5, estimateMs, ci: { lowMs, highMs, level: 0.98, method: '' }, marginMs, state, primary: true, detail };
}

function p99(...given: Parameters<typeof p50>): Comparison {
  return { ...p50(...given), quantile: 0.99 };
}
