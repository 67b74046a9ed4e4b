/** E2: known distributions of delays come out as they went in. */
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/random.js';
import type { Histogram } from '../../src/measure/histogram.js';
import { joined, ms, quantileOf, QUANTILES, ROOMY } from './measure.js';
import { record, SHORT, timed } from './record.js';
import { lacking, startTruth } from './truth/index.js';

const RATE = SHORT ? 200 : 1000;
const SECONDS = SHORT ? 1.5 : 15;

const SHAPES: Readonly<Record<string, { readonly draw: (random: () => number) => number; readonly atoms?: true }>> = {
  'lognormal, median 20 ms, σ 0.5': { draw: (random) => 20 * Math.exp(0.5 * normal(random)) },
  'bimodal, 1 ms and 1 % of 50 ms': { draw: (random) => (random() < 0.01 ? 50 : 1), atoms: true },
  'Pareto 1.5 from 10 ms, to 300 ms': { draw: (random) => Math.min(300, 10 / (1 - random()) ** (1 / 1.5)) },
};

const missing = lacking();
if (missing !== undefined) console.log(`skipped: known distributions: ${missing}`);

test.skipIf(missing !== undefined).each(Object.entries(SHAPES).slice(0, SHORT ? 1 : undefined))('%s', timed(120_000), async (name, { draw, atoms }) => {
  const random = randomFrom(2);
  const truth = await startTruth([{ delaysNs: Array.from({ length: 20_011 }, () => 1e6 * draw(random)) }]);
  const { tookNs, all } = await joined(truth, ['--rate', `${RATE}/s`, '--duration', `${SECONDS}s`, ...ROOMY]);
  const response = all('response');
  const errors = QUANTILES.map((q) => ({ trueNs: quantileOf(tookNs, q), errorNs: outside(response.quantileNs(q), tookNs, q, atoms === true ? STEP_SHARE : 0) }));
  // Steps of a distribution that has any move with the least jitter: there the tolerance of the quantiles is taken first.
  const gap = largestGap(response, tookNs, atoms === true ? toleranceNs : () => 0);
  const met = errors.every(({ trueNs, errorNs }) => Math.abs(errorNs) <= toleranceNs(trueNs)) && gap <= 0.01;
  record({
    experiment: 'E2',
    case: `${name}, ${RATE}/s`,
    ...(SHORT ? {} : { bar: '≤ 0.2 ms + 1 % off at p50, p90, p99, p99.9; CDF gap ≤ 0.01', met }),
    measured: `off by ${errors.map(({ trueNs, errorNs }) => `${ms(errorNs)} of ${ms(trueNs, 2)}`).join(' · ')}; gap ${gap.toFixed(4)}`,
  });
  expect(response.count).toBe(tookNs.length);
  // Nothing can come back before the server has sent it, whatever else this host does.
  for (const q of QUANTILES) expect(response.quantileNs(q)).toBeGreaterThanOrEqual(quantileOf(tookNs, q));
  if (SHORT) expect(errors[0]!.errorNs).toBeLessThanOrEqual(20e6);
  else expect(met).toBe(true);
});

/**
 * How far a value is from the quantile; from all quantiles within `share` of it, where it may stand on a step: of 1 % of 50 ms p99 is any time between both, and which
 * one a few requests decide.
 */
function outside(ns: number, tookNs: readonly number[], q: number, share: number): number {
  return ns - Math.min(Math.max(ns, quantileOf(tookNs, q - share)), quantileOf(tookNs, q + share));
}

/** 15 requests of 30,000 in either direction. */
const STEP_SHARE = 0.0005;

function toleranceNs(trueNs: number): number {
  return 0.2e6 + 0.01 * trueNs;
}

/** The largest distance between the two distribution functions, taken at 1,999 quantiles of the first; buckets of the histogram (0.1 %) are no distance. */
function largestGap(response: Histogram, tookNs: readonly number[], tolerance: (ns: number) => number): number {
  const base = response.quantileNs(0.5) - quantileOf(tookNs, 0.5); // what sameconn adds to every request: the claim of E1, not of this
  const gaps = Array.from({ length: 1999 }, (_, index) => {
    const q = (index + 1) / 2000;
    const atNs = response.quantileNs(q) - base;
    const slackNs = tolerance(atNs) + atNs / 1000;
    return Math.max(0, shareBelow(tookNs, atNs - slackNs) - q, q - shareBelow(tookNs, atNs + slackNs));
  });
  return Math.max(...gaps);
}

/** The share of sorted values that are not above one. */
function shareBelow(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low / values.length;
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
