import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withDefaults, type AnyOptions, type OpenPacer } from '../../src/define.js';
import { Arrivals } from '../../src/engine/arrivals.js';
import { share } from '../../src/engine/messages.js';
import * as pacers from '../../src/pacers/index.js';
import { randomFrom } from '../../src/random.js';

/** Options worth trying, by pacer; a new pacer adds its own or is tried with its defaults. */
const OPTIONS: Readonly<Record<string, readonly AnyOptions[]>> = {
  constant: [{ rate: 1 }, { rate: 333 }, { rate: 20_000 }, { rate: 0.5 }],
  poisson: [{ rate: 50 }, { rate: 2000 }],
  ramp: [{ from: 0, to: 500, over: 3e9 }, { from: 500, to: 10, over: 1e9 }, { from: 100, to: 100, over: 1e9 }, { from: 10, to: 1000, over: 100e9 }],
  steps: [
    { steps: [{ rate: 100, forNs: 1e9 }] },
    { steps: [{ rate: 7, forNs: 333e6 }, { rate: 0, forNs: 5e8 }, { rate: 1000, forNs: 1e9 }, { rate: 3, forNs: 1e9 }] },
  ],
};

const WINDOW_NS = 4e9;

function arrivals(pacer: OpenPacer, options: AnyOptions, seed = 1, untilNs = WINDOW_NS, worker = 0, workers = 1): number[] {
  const source = new Arrivals(pacer, options, seed, untilNs, worker, workers);
  const all: number[] = [];
  for (; source.nextNs !== Infinity; source.take()) all.push(source.nextNs);
  return all;
}

const open = Object.values(pacers).filter((pacer): pacer is OpenPacer => pacer.model === 'open');

describe.each(open.map((pacer) => [pacer.kind, pacer] as const))('the %s pacer', (kind, pacer) => {
  const tried = (OPTIONS[kind] ?? [{}]).map((options) => withDefaults(pacer.options, options));

  test.each(tried)('never goes back, stays in the window and deals in whole ns: %j', (options) => {
    const instants = arrivals(pacer, options);
    expect(instants.length).toBeGreaterThan(0);
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    expect(instants.every((at) => Number.isInteger(at) && at >= 0 && at < WINDOW_NS)).toBe(true);
  });

  test.each(tried)('gives the same instants for the same seed: %j', (options) => {
    expect(arrivals(pacer, options, 7)).toEqual(arrivals(pacer, options, 7));
  });

  test.each(tried)('sends as many as the integral of its rate says: %j', (options) => {
    for (const untilNs of [1e8, 1e9, 1.7e9, WINDOW_NS]) {
      const expected = pacer.expected(options, untilNs);
      const count = arrivals(pacer, options, 3, untilNs).length;
      const slack = kind === 'poisson' ? 4 * Math.sqrt(expected) + 1 : 1;
      expect(Math.abs(count - expected), `until ${untilNs}`).toBeLessThanOrEqual(slack);
    }
  });

  test('dealt by turns to any number of workers, the shares are together the whole schedule', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.constantFrom(...tried), (workers, options) => {
        const shares = Array.from({ length: workers }, (_, worker) => arrivals(pacer, options, 5, 1e9, worker, workers));
        expect(shares.flat().sort((a, b) => a - b)).toEqual(arrivals(pacer, options, 5, 1e9));
        expect(Math.max(...shares.map((part) => part.length)) - Math.min(...shares.map((part) => part.length))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });

  test('says what it is for', () => {
    expect(pacer.summary).toMatch(/\w+ \w+/);
  });
});

describe('the closed pacer', () => {
  test('deals its requests in flight so that the shares add up', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 64 }), (inFlight, workers) => {
        const total = pacers.closed.model === 'closed' ? pacers.closed.inFlight({ inFlight }) : -1;
        expect(Array.from({ length: workers }, (_, worker) => share(total, worker, workers)).reduce((a, b) => a + b, 0)).toBe(inFlight);
      }),
    );
  });
});

test('poisson gaps are exponential: Anderson and Darling’s A² stays below its 1 % point', () => {
  const instants = arrivals(pacers.poisson as OpenPacer, { rate: 5000 }, 11);
  const gaps = instants.slice(1).map((at, index) => at - instants[index]!).sort((a, b) => a - b);
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  const n = gaps.length;
  const sum = gaps.reduce((total, gap, i) => total + (2 * i + 1) * (Math.log(1 - Math.exp(-Math.max(gap, 1) / mean)) - gaps[n - 1 - i]! / mean), 0);
  expect((-n - sum / n) * (1 + 0.6 / n)).toBeLessThan(1.957); // Stephens 1974, exponential with estimated mean
});

test('the random stream is the same for the same seed and differs between streams', () => {
  const take = (seed: number, stream: number): number[] => Array.from({ length: 5 }, randomFrom(seed, stream));
  expect(take(1, 2)).toEqual(take(1, 2));
  expect(take(1, 2)).not.toEqual(take(1, 3));
  expect(take(1, 2)).not.toEqual(take(2, 2));
});
