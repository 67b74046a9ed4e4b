/** The claim itself: what a connection of its own costs a request is k round trips and the cryptography, and the report says so, whatever the distance. */
import { expect, test } from 'vitest';
import { atDistance, runScenario, whyNot, type Distance } from './distance.js';
import { record, SHORT } from './record.js';

const missing = whyNot();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

/** Round trips that an arm pays beside those of a reused connection: one for TCP, one for TLS 1.3 and for a resumed TLS 1.2, two for a full TLS 1.2. */
const KINDS = [
  { name: 'http', scheme: 'http', tlsProtocols: ['TLSv1.3'], trips: { fresh: 1 } },
  { name: 'TLS 1.3', scheme: 'https', tlsProtocols: ['TLSv1.3'], trips: { fresh: 2, resumed: 2 } },
  { name: 'TLS 1.2', scheme: 'https', tlsProtocols: ['TLSv1.2'], trips: { fresh: 3, resumed: 2 } },
] as const;

const SIZE = SHORT ? { rtts: [20], repeats: 1, blocks: 2 } : { rtts: [1, 10, 50], repeats: 4, blocks: 6 };
const RATE = 200; // with the window, 70 requests a round: a median needs 40
const WINDOW_MS = 350;

/** Bars in ms. A shared host holds the short one, and it still tells k from its neighbours. */
const barMs = (rtt: number): number => (SHORT ? 5 : rtt === 1 ? 0.3 : 1);

interface Difference {
  readonly estimateMs: number;
  readonly ci: { readonly lowMs: number; readonly highMs: number } | null;
}

/** All intervals of the full form, over all kinds and distances. */
const covered: boolean[] = [];

test.skipIf(missing !== undefined).each(KINDS)('a connection of its own over $name costs its round trips and no more', async ({ name, scheme, tlsProtocols, trips }) => {
  const rtts = [0, ...SIZE.rtts];
  const arms = Object.keys(trips);
  const runs: Record<number, Record<string, Difference>[]> = {};
  await atDistance(0, { tlsProtocols, awake: true }, async (distance) => {
    for (let repeat = 0; repeat < SIZE.repeats; repeat++) {
      for (const rtt of rtts) (runs[rtt] ??= []).push(await differences(distance, scheme, rtt, arms));
    }
  });

  const met: boolean[] = [];
  for (const [arm, k] of Object.entries(trips)) {
    const what = trips.fresh === k && arms.length === 1 ? name : `${name} ${arm === 'fresh' ? 'full' : arm}`;
    const cryptoMs = median(runs[0]!.map((run) => run[arm]!.estimateMs));
    record({ experiment: 'E8', case: `${what}, no distance: what remains beside round trips`, measured: `${cryptoMs.toFixed(2)} ms` });
    for (const rtt of SIZE.rtts) {
      const truthMs = k * rtt + cryptoMs;
      const found = runs[rtt]!.map((run) => run[arm]!);
      const errors = found.map(({ estimateMs }) => estimateMs - truthMs);
      const errorMs = median(errors);
      met.push(Math.abs(errorMs) <= barMs(rtt));
      const worst = errors.length > 1 ? ` (each run: ${errors.map((error) => error.toFixed(2)).join(', ')})` : '';
      record({
        experiment: 'E8',
        case: `${what}, ${rtt} ms: truth ${k} × ${rtt} + ${cryptoMs.toFixed(2)} ms`,
        bar: `error ≤ ${barMs(rtt)} ms`,
        measured: `${median(found.map(({ estimateMs }) => estimateMs)).toFixed(2)} ms, error ${errorMs.toFixed(2)} ms${worst}`,
        met: met.at(-1)!,
      });
      for (const { ci } of found) if (ci !== null) covered.push(ci.lowMs <= truthMs && truthMs <= ci.highMs);
    }
  }
  expect(met).not.toContain(false);
}, 1_500_000);

test.skipIf(missing !== undefined || SHORT)('the interval holds the truth in 93 of 100 short runs', () => {
  const share = covered.filter(Boolean).length / covered.length;
  const met = covered.length >= 60 && share >= 0.93;
  record({ experiment: 'E8', case: 'intervals that hold the truth, of all kinds and distances', bar: '≥ 93 % of 60', measured: `${covered.filter(Boolean).length} of ${covered.length}`, met });
  expect(met).toBe(true);
});

/** One short run: what each arm's response time at p50 is above that of reused connections. */
async function differences({ near, line, server }: Distance, scheme: 'http' | 'https', rtt: number, arms: readonly string[]): Promise<Record<string, Difference>> {
  await line.setRtt(rtt);
  const load = { rate: `${RATE}/s`, duration: `${WINDOW_MS}ms`, warmup: `${100 + 5 * rtt}ms`, workers: 1 }; // a warm-up long enough to open what is reused
  const url = scheme === 'https' ? server.httpsUrl : server.url;
  const { comparisons } = await runScenario(near, { target: { url }, load, arms: ['reused', ...arms], baseline: 'reused', blocks: SIZE.blocks }, server.ca);
  const found = comparisons.filter(({ metric, quantile }) => metric === 'response' && quantile === 0.5);
  return Object.fromEntries(
    found.map(({ candidate, estimateMs, ci, detail }) => {
      if (estimateMs === null) throw new Error(`no estimate for ${candidate}: ${detail}`);
      return [candidate, { estimateMs: -estimateMs, ci: ci && { lowMs: -ci.highMs, highMs: -ci.lowMs } }];
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
