import { describe, expect, test } from 'vitest';
import { plan, type Plan } from '../../src/scenario/plan.js';
import { scenarioFromUrl, type Flags } from '../../src/scenario/from-url.js';

const planned = (flags: Flags = {}, seed = 1, cores = 8): Plan => plan(scenarioFromUrl('https://host.test/', flags), seed, cores);
const letters = ({ rounds }: Plan): string[] => {
  const blocks: string[] = [];
  for (const { block, arm } of rounds) blocks[block] = (blocks[block] ?? '') + 'ABCDE'[arm];
  return blocks;
};

describe('a plan', () => {
  test('interleaves two arms as ABBA or BAAB, each by the toss of a seeded coin', () => {
    const blocks = letters(planned({ arm: ['reused', 'fresh'], blocks: '40' }));
    expect(new Set(blocks)).toEqual(new Set(['ABBA', 'BAAB']));
    expect(blocks.filter((block) => block === 'ABBA').length).toBeGreaterThan(10);
    expect(blocks.filter((block) => block === 'ABBA').length).toBeLessThan(30);
  });

  test('mirrors every block, so that drift within it cancels', () => {
    for (const block of letters(planned({ blocks: '12' }))) expect(block).toBe([...block].reverse().join(''));
  });

  test('lets each of k arms start equally often in k blocks', () => {
    const blocks = letters(planned({ blocks: '9' }));
    for (let from = 0; from < 9; from += 3) expect(blocks.slice(from, from + 3).map((block) => block[0]).sort()).toEqual(['A', 'B', 'C']);
  });

  test('gives all arms of a block the same seed, and each block another', () => {
    const { rounds } = planned({ blocks: '6' });
    const seeds = new Set(rounds.map((round) => round.seed));
    expect(seeds.size).toBe(6);
    for (const round of rounds) expect(rounds.filter((other) => other.block === round.block && other.seed !== round.seed)).toEqual([]);
  });

  test('is the same for the same seed and differs with another', () => {
    expect(planned({ blocks: '20' }, 3)).toEqual(planned({ blocks: '20' }, 3));
    expect(letters(planned({ blocks: '20' }, 3))).not.toEqual(letters(planned({ blocks: '20' }, 4)));
  });

  test('runs a single arm twice a block', () => {
    expect(letters(planned({ arm: ['fresh'], blocks: '2' }))).toEqual(['AA', 'AA']);
  });

  test('takes half the cores less one for its workers unless told otherwise, and at least one', () => {
    expect([planned({}, 1, 8).workers, planned({}, 1, 2).workers, planned({ workers: '2' }, 1, 8).workers]).toEqual([3, 1, 2]);
  });

  test('never uses more workers than there are connections to share out, and says so', () => {
    const { workers, notes } = planned({ workers: '4', connections: '2' });
    expect([workers, notes]).toEqual([2, [expect.stringContaining('2 of 4 workers')]]);
  });

  test('warns when resting connections cannot carry the rate', () => {
    const { notes } = planned({ arm: ['idle-gap:gap=1s,connections=10'], rate: '100/s' });
    expect(notes).toEqual([expect.stringMatching(/at most 10\/s.*100\/s are asked/)]);
  });
});
