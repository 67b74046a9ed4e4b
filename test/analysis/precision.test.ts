import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.js';
import { isPrecise, precisionOf, precisionSoFar } from '../../src/analysis/precision.js';
import type { RawRun, StopReason } from '../../src/result/journal.js';
import { runRecord } from '../../src/result/schema.js';
import { fakeRun, type FakeArm, type FakeRun } from '../fakes/raw-run.js';

/** Blocks that differ by ± 1 ms, and a difference between the arms of `apart`. */
const uneven = (name: string, base: number): FakeArm => ({ name, responseMs: (_, { block }) => base + (name === 'reused' ? Math.sin(9 * block) : 0) });

interface Wanted extends Partial<FakeRun> {
  readonly precisionMs: number;
  readonly apart?: number;
  readonly stopped?: StopReason;
}

/** A run of which `ended` rounds were run; complete when it says why it stopped. */
function run({ precisionMs, apart = 0, stopped, ...wanted }: Wanted): RawRun {
  const { record, ...raw } = fakeRun({ arms: [uneven('reused', 20), uneven('fresh', 20 + apart)], requests: 60, blocks: 30, ended: 4 * 8, ...wanted });
  const until = { precisionMs, minBlocks: 6, maxBlocks: 30, maxTimeMs: 60_000 };
  const declared = { quantiles: [0.5], marginMs: null };
  return { ...raw, record: { ...record, plan: { ...record.plan, until, declared } }, complete: stopped !== undefined, ...(stopped && { stopped }) };
}

describe('a run that goes on until it is precise', () => {
  it('is precise enough when its interval is as narrow as was asked', () => {
    expect([0.2, 0.5, 3].map((precisionMs) => isPrecise(run({ precisionMs })))).toEqual([false, false, true]);
  });

  it('is not stopped by a difference that is plain to see, nor kept going by one that is not', () => {
    expect([0, 5, 500].map((apart) => isPrecise(run({ precisionMs: 0.2, apart })))).toEqual([false, false, false]);
    expect([0, 5, 500].map((apart) => isPrecise(run({ precisionMs: 3, apart })))).toEqual([true, true, true]);
  });

  it('knows nothing before six blocks, and looks at whole blocks only', () => {
    expect(isPrecise(run({ precisionMs: 1000, ended: 4 * 5 + 3 }))).toBe(false);
    expect(isPrecise(run({ precisionMs: 1000, ended: 4 * 6 }))).toBe(true);
  });

  it('has to know every declared quantile that has its samples that well', () => {
    const tail: FakeArm = { name: 'reused', responseMs: (random, { block }) => 20 + (random() < 0.2 ? 10 + 5 * Math.sin(9 * block) : 0.1 * random()) };
    const raw = run({ precisionMs: 0.5, arms: [tail, uneven('fresh', 20)], requests: 400 });
    const declaring = (...quantiles: number[]): RawRun => ({ ...raw, record: { ...raw.record, plan: { ...raw.record.plan, declared: { quantiles, marginMs: null } } } });
    expect([declaring(0.5), declaring(0.5, 0.9), declaring(0.5, 0.999)].map(isPrecise)).toEqual([true, false, true]);
  });

  it('says for those who wait how far it is', () => {
    expect(precisionSoFar(run({ precisionMs: 0.2 }))).toMatch(/^8 blocks: ± [\d.]+ ms at p50, ± 0\.200 ms asked, about \d+ blocks in all$/);
    expect(precisionSoFar(run({ precisionMs: 3 }))).toMatch(/^8 blocks: ± [\d.]+ ms at p50, ± 3\.00 ms asked$/);
    expect(precisionSoFar(run({ precisionMs: 3, requests: 10 }))).toBe('8 blocks: no interval yet (p50 needs 20 more requests per arm in every block (20 beyond the quantile))');
  });
});

describe('its end', () => {
  const ended = (wanted: Wanted) => precisionOf(run(wanted));

  it('tells why it went no further, and how many blocks that took', () => {
    expect(ended({ precisionMs: 3, stopped: 'precise' })).toMatchObject({ ended: 'precise', blocks: 8, blocksNeeded: null, sentence: expect.stringMatching(/^Ended after 8 blocks, precise enough: ± 3\.00 ms was asked, and there was ± [\d.]+ ms at p50\.$/) });
    expect(ended({ precisionMs: 0.2, stopped: 'max-blocks' })?.sentence).toMatch(/^Ended after 8 blocks, the most that were allowed: .* About \d+ blocks would be needed\.$/);
    expect(ended({ precisionMs: 0.2, stopped: 'max-time' })?.sentence).toContain('another would have gone beyond the 1m allowed');
    expect(ended({ precisionMs: 0.2, ended: 4 * 3 })).toMatchObject({ ended: 'interrupted', blocks: 3, halfWidthMs: null, blocksNeeded: null });
  });

  it('says which declared quantile no number of such blocks would tell', () => {
    const raw = run({ precisionMs: 3, stopped: 'precise' });
    const declared = { quantiles: [0.5, 0.99], marginMs: null };
    expect(precisionOf({ ...raw, record: { ...raw.record, plan: { ...raw.record.plan, declared } } })?.sentence).toMatch(/ms at p50\. For p99 the rounds are too short: longer ones would tell, more of them would not\.$/);
  });

  it('says what is missing where there is no interval at all', () => {
    expect(ended({ precisionMs: 3, requests: 10, stopped: 'max-blocks' })?.sentence).toMatch(/there was no interval \(p50 needs 20 more requests .*\)\.$/);
  });

  it('asks for more blocks the narrower the interval is to be, by the square', () => {
    const needed = (precisionMs: number): number => ended({ precisionMs, stopped: 'max-blocks' })?.blocksNeeded ?? NaN;
    expect(needed(0.1)).toBeGreaterThan(8);
    expect(needed(0.05) / needed(0.1)).toBeCloseTo(4, 1);
  });

  it('is no matter of a run that had its number of blocks', () => {
    expect(precisionOf(fakeRun())).toBeUndefined();
    expect(analyze(fakeRun())).not.toHaveProperty('precision');
  });

  it('leaves the blocks that were not needed out of the plan that is reported; an interrupted run keeps them', () => {
    const plans = [run({ precisionMs: 3, stopped: 'precise' }), run({ precisionMs: 3 })].map((raw) => analyze(raw).plan);
    expect(plans.map(({ blocks, order }) => [blocks, order.length])).toEqual([[8, 8], [30, 30]]);
    expect(runRecord.shape.plan.parse(plans[0])).toEqual(plans[0]);
  });
});
