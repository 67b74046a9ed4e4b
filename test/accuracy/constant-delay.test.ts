/** E1: what sameconn adds to a delay that is always the same. */
import { expect, test } from 'vitest';
import { quantileName } from '../../src/units.js';
import { joined, ms, quantileOf, ROOMY } from './measure.js';
import { record, SHORT, timed } from './record.js';
import { lacking, startTruth } from './truth/index.js';

const DELAYS_MS = SHORT ? [5, 50] : [0.5, 1, 5, 20, 100];
const RATE = SHORT ? 200 : 1000;
const SECONDS = SHORT ? 1 : 5;
/**
 * Over the server's own clock, request by request. Neighbours only ever add: the short form, which runs beside them, judges the least disturbed tenth, in which an
 * error of the instrument would be as well.
 */
const BARS = SHORT ? [{ at: 0.1, ms: 0.5 }] : [{ at: 0.5, ms: 0.15 }, { at: 0.99, ms: 1 }];
const RESPONSE_MS = SHORT ? Infinity : 0.2;

const missing = lacking();
if (missing !== undefined) console.log(`skipped: constant delays: ${missing}`);

test.skipIf(missing !== undefined).each(DELAYS_MS)('a constant %d ms is measured as such', timed(60_000), async (delayMs) => {
  const truth = await startTruth([{ delaysNs: [delayMs * 1e6] }]);
  const { tookNs, addedNs, all } = await joined(truth, ['--rate', `${RATE}/s`, '--duration', `${SECONDS}s`, ...ROOMY]);
  const service = all('service');
  const servedNs = quantileOf(tookNs, 0.5);
  const responseNs = all('response').quantileNs(0.5) - servedNs;
  const added = (quantile: number): string => `${ms(quantileOf(addedNs, quantile))} at ${quantileName(quantile)}`;
  const met = BARS.every((bar) => quantileOf(addedNs, bar.at) <= bar.ms * 1e6) && Math.abs(responseNs) <= RESPONSE_MS * 1e6;
  record({
    experiment: 'E1',
    case: `constant ${delayMs} ms, ${RATE}/s`,
    bar: `added ${BARS.map((bar) => `≤ ${bar.ms} ms at ${quantileName(bar.at)}`).join(', ')}${SHORT ? '' : `; response p50 ≤ ${RESPONSE_MS} ms off`}`,
    measured: `${added(0.1)}, ${added(0.5)}, ${added(0.99)}; response p50 ${ms(responseNs)} off (the server itself: p50 ${ms(servedNs)}, p99 ${ms(quantileOf(tookNs, 0.99))})`,
    met,
  });
  expect(tookNs[0]).toBeGreaterThanOrEqual(delayMs * 1e6);
  expect(service.count).toBe(tookNs.length);
  expect(addedNs[0]).toBeGreaterThan(0); // nothing comes back before the server has sent it
  // The histogram says of all of them together what was seen of each.
  expect(Math.abs(service.summary().mean * 1e6 * service.count - sum(tookNs) - sum(addedNs))).toBeLessThanOrEqual(service.count);
  expect(met).toBe(true);
});

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
