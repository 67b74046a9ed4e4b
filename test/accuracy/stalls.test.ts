/**
 * E3 and the first two of E4: a server that stops now and then, and one that becomes slower, have a tail that follows from arithmetic. A gate that is shut for D
 * in every P, before a constant b: Q(p) = b + max(0, D − P(1 − p)). The server's own record of the same requests stands beside: it tells whose a miss is.
 */
import { expect, test } from 'vitest';
import { joined, ms, quantileOf, ROOMY } from './measure.js';
import { record, SHORT, timed } from './record.js';
import { lacking, startTruth, type Profile } from './truth/index.js';

const RATE = SHORT ? 200 : 1000;
const B_MS = 10;

interface Case {
  readonly experiment: string;
  readonly name: string;
  readonly profiles: readonly Profile[];
  /** Of each of the two rounds. */
  readonly seconds: number;
  /** Truth in ms, and how far off it may be, by the name of the quantile. */
  readonly expected: Readonly<Record<'p50' | 'p99' | 'p99.9', readonly [ms: number, share: number]>>;
}

const steady: Profile = { delaysNs: [B_MS * 1e6] };
const seconds = (s: number): number => s * 1e9;
/** Of the short form: as much of the time is stalled, and what a busy host adds is a smaller part of it. */
const SHORT_STALL = stalled(0.5, 3, 'p99');

const CASES: readonly Case[] = SHORT
  ? [{ experiment: 'E3', name: 'one stall of 500 ms in 3 s', profiles: [gated([[0.5, 1]]), steady], seconds: 1.5, expected: { p50: [B_MS, 2], p99: [SHORT_STALL, 0.3], 'p99.9': [B_MS + 500 - 3, 0.3] } }]
  : [
      { experiment: 'E3', name: 'one stall of 1 s in 60 s', profiles: [gated([[20, 21]]), steady], seconds: 30, expected: { p50: [B_MS, 0.05], p99: [stalled(1, 60, 'p99'), 0.05], 'p99.9': [stalled(1, 60, 'p99.9'), 0.03] } },
      { experiment: 'E4', name: '200 ms in every 10 s', profiles: [gated([[5, 5.2], [15, 15.2]])], seconds: 20, expected: { p50: [B_MS, 0.05], p99: [stalled(0.2, 10, 'p99'), 0.05], 'p99.9': [stalled(0.2, 10, 'p99.9'), 0.05] } },
      { experiment: 'E4', name: 'from 10 to 100 ms in 10 s', profiles: [{ ...steady, rampNsPerS: 9e6 }], seconds: 10, expected: { p50: [55, 0.05], p99: [99.1, 0.05], 'p99.9': [99.91, 0.05] } },
    ];

const missing = lacking();
if (missing !== undefined) console.log(`skipped: stalls: ${missing}`);

test.skipIf(missing !== undefined).each(CASES)('$name', timed(150_000), async ({ experiment, name, profiles, seconds, expected }) => {
  const truth = await startTruth(profiles, { order: profiles.map((_, index) => index) });
  const { result, all, tookNs } = await joined(truth, ['--pacer', 'constant', '--rate', `${RATE}/s`, '--duration', `${seconds}s`, ...ROOMY]);
  // In an open loop the stall shows in the time since a request was sent as much as in the time since it was due.
  const sides = (['response', 'service'] as const).map((metric) => {
    const histogram = all(metric);
    const quantiles = Object.entries(expected).map(([quantile, [trueMs, share]]) => ({ quantile, trueMs, share, gotMs: histogram.quantileNs(Number(quantile.slice(1)) / 100) / 1e6 }));
    return { metric, quantiles, met: quantiles.every(({ trueMs, share, gotMs }) => Math.abs(gotMs - trueMs) <= share * trueMs) };
  });
  for (const { metric, quantiles, met } of sides) {
    record({
      experiment,
      case: `${name}, ${metric}`,
      bar: quantiles.map(({ quantile, trueMs, share }) => `${quantile} ${ms(1e6 * trueMs, 0)} ± ${100 * share} %`).join(', '),
      measured: quantiles.map(({ quantile, gotMs }) => `${quantile} ${ms(1e6 * gotMs, 1)} (the server itself: ${ms(quantileOf(tookNs, Number(quantile.slice(1)) / 100), 1)})`).join(', '),
      met,
    });
  }
  for (const { requests } of result.rounds) expect(requests).toMatchObject({ planned: RATE * seconds, completed: RATE * seconds, shed: 0, failed: 0 });
  expect(sides.map(({ met }) => met)).toEqual([true, true]);
});

function gated(gatesS: readonly (readonly [number, number])[]): Profile {
  return { ...steady, gatesNs: gatesS.map(([from, to]) => [seconds(from), seconds(to)]) };
}

/** In ms. */
function stalled(dS: number, pS: number, quantile: 'p99' | 'p99.9'): number {
  return B_MS + 1000 * Math.max(0, dS - pS * (1 - Number(quantile.slice(1)) / 100));
}
