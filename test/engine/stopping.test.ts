import { describe, expect, test } from 'vitest';
import { stopsAfter } from '../../src/engine/stopping.js';
import { plan, type Plan } from '../../src/scenario/plan.js';
import { scenarioFromUrl, type Flags } from '../../src/scenario/from-url.js';

const S = 1e9;
const planned = (flags: Flags = {}): Plan => plan(scenarioFromUrl('http://host.test/', { untilPrecision: '0.2ms', maxBlocks: '20', maxTime: '100s', ...flags }), 1, 4);
const never = () => false;
const always = () => true;

describe('a run that goes on until it is precise', () => {
  test('ends at the first block from the sixth on that is precise enough', () => {
    expect([1, 5, 6, 7].map((done) => stopsAfter(planned(), done, done * S, always))).toEqual([null, null, 'precise', 'precise']);
    expect(stopsAfter(planned({ blocks: '9' }), 8, 8 * S, always)).toBeNull();
  });

  test('goes on while it is not, to the most blocks that were allowed', () => {
    expect([6, 19, 20].map((done) => stopsAfter(planned(), done, done * S, never))).toEqual([null, null, 'max-blocks']);
    expect(stopsAfter(planned(), 20, 20 * S, always)).toBe('precise');
  });

  test('begins no block that would end after the time allowed, but always has its six', () => {
    expect(stopsAfter(planned(), 10, 90 * S, never)).toBeNull();
    expect(stopsAfter(planned(), 10, 92 * S, never)).toBe('max-time');
    expect(stopsAfter(planned(), 5, 500 * S, never)).toBeNull();
  });

  test('is not asked before it may end', () => {
    stopsAfter(planned(), 5, S, () => expect.fail('asked'));
  });
});

test('a run of so many blocks is never asked', () => {
  const fixed = plan(scenarioFromUrl('http://host.test/', { blocks: '8' }), 1, 4);
  expect(stopsAfter(fixed, 8, S, always)).toBeNull();
});
