import { describe, expect, test } from 'vitest';
import { MIN_BLOCKS } from '../../src/analysis/intervals.js';
import { FEWEST_BLOCKS_UNTIL } from '../../src/scenario/defaults.js';
import { scenarioFromUrl, withFlags, type Flags } from '../../src/scenario/from-url.js';
import { plan, type Plan } from '../../src/scenario/plan.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { complaints, load } from './reading.js';

const URL = 'http://host.test/';
const asked = (flags: Flags): Scenario => scenarioFromUrl(URL, flags);
const planned = (flags: Flags, seed = 3): Plan => plan(asked(flags), seed, 4);
const FILE = `target: { url: ${URL} }
blocks: 8
until: { precision: 0.2ms, maxTime: 2m }
verdict: { quantiles: [p99, p50, p99], margin: 1ms }
`;

describe('a run until it is precise', () => {
  test('is asked for in a file or by flags, and has its limits either way', () => {
    expect(load(FILE).until).toEqual({ precisionNs: 2e5, maxBlocks: 60, maxTimeNs: 120e9 });
    expect(asked({ untilPrecision: '0.2ms', maxBlocks: '30' }).until).toEqual({ precisionNs: 2e5, maxBlocks: 30, maxTimeNs: 900e9 });
    expect(asked({}).until).toBeNull();
  });

  test('has the flags in place of what the file said, each by itself', () => {
    expect(withFlags(load(FILE), { untilPrecision: '1ms' }).until).toEqual({ precisionNs: 1e6, maxBlocks: 60, maxTimeNs: 120e9 });
    expect(withFlags(load(FILE), { maxBlocks: '12' }).until).toEqual({ precisionNs: 2e5, maxBlocks: 12, maxTimeNs: 120e9 });
  });

  test('has as many blocks as an interval takes at the fewest, and those asked for', () => {
    expect(FEWEST_BLOCKS_UNTIL).toBe(MIN_BLOCKS);
    expect(planned({ untilPrecision: '1ms', blocks: '2' }).blocks).toEqual({ fewest: 6, most: 60 });
    expect(plan(load(FILE), 1, 4).blocks).toEqual({ fewest: 8, most: 60 });
    expect(planned({ untilPrecision: '1ms', blocks: '90' }).blocks).toEqual({ fewest: 90, most: 90 });
    expect(planned({ blocks: '7' }).blocks).toEqual({ fewest: 7, most: 7 });
  });

  test.each([['two', ['reused', 'fresh']], ['three', ['reused', 'fresh', 'capped:requests=9']]])('of %s arms runs its blocks in an order that does not depend on when it ends', (_, arm) => {
    const whole = planned({ arm, untilPrecision: '1ms', maxBlocks: '40' }).rounds;
    for (const blocks of ['6', '13']) {
      const { rounds } = planned({ arm, blocks });
      expect(whole.slice(0, rounds.length)).toEqual(rounds);
    }
  });

  test('takes two arms', () => {
    expect(complaints(() => asked({ arm: ['fresh'], untilPrecision: '1ms' }))).toMatch(/--until-precision.*single arm has no difference.*give another arm/);
    expect(complaints(() => load(`target: { url: ${URL} }\narms: [fresh]\nuntil: { precision: 1ms }\n`))).toMatch(/x\.yaml:3.*single arm/);
  });

  test('is what its limits are for', () => {
    expect(complaints(() => asked({ maxBlocks: '30' }))).toMatch(/--max-blocks: nothing here goes on until it is precise.*--until-precision/);
    expect(complaints(() => asked({ maxTime: '1m' }))).toMatch(/--max-time/);
    expect(complaints(() => asked({ untilPrecision: '0.2', maxBlocks: '5' }))).toMatch(/--until-precision.*has no unit[^]*--max-blocks.*write 6 or more/);
  });
});

describe('a quick look', () => {
  test('is six blocks of short rounds, and judges p50 and p90', () => {
    const { blocks, load: { durationNs, warmupNs }, declared } = asked({ quick: true });
    expect([blocks, durationNs, warmupNs, declared.quantiles]).toEqual([6, 1e9, 2.5e8, [0.5, 0.9]]);
  });

  test('has what other flags say before its own', () => {
    const { blocks, load: { durationNs, warmupNs } } = asked({ quick: true, duration: '3s', blocks: '10' });
    expect([blocks, durationNs, warmupNs]).toEqual([10, 3e9, 2.5e8]);
  });

  test('stands over a file, which then goes on no longer, and keeps its margin', () => {
    const { until, declared } = withFlags(load(FILE), { quick: true });
    expect([until, declared]).toEqual([null, { quantiles: [0.5, 0.9], marginNs: 1e6 }]);
    expect(withFlags(load(FILE), { quick: true, untilPrecision: '1ms' }).until?.precisionNs).toBe(1e6);
  });
});

describe('what the verdict rests on', () => {
  test('is p50 and p99, or what was declared, each once', () => {
    expect([asked({}).declared, load(FILE).declared]).toEqual([{ quantiles: [0.5, 0.99], marginNs: null }, { quantiles: [0.5, 0.99], marginNs: 1e6 }]);
    expect(asked({ margin: '250us' }).declared.marginNs).toBe(250_000);
  });

  test('is refused with the names there are', () => {
    expect(complaints(() => load(`target: { url: ${URL} }\nverdict: { quantiles: [p98] }\n`))).toMatch(/x\.yaml:2.*"p98" is not one of p50, p90, p99, p999/);
  });
});
