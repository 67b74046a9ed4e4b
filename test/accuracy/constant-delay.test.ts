/** E1: what sameconn adds to a delay that is always the same. */
import { expect, test } from 'vitest';
import { joined, ms, quantileOf, ROOMY } from './measure.js';
import { record, SHORT } from './record.js';
import { lacking, startTruth } from './truth/index.js';

const DELAYS_MS = SHORT ? [5, 50] : [0.5, 1, 5, 20, 100];
const RATE = SHORT ? 200 : 1000;
const SECONDS = SHORT ? 1 : 5;
/** Over the server's own clock; the short form only sees that nothing is out of all proportion. */
const BAR = SHORT ? { medianMs: 20, p99Ms: Infinity, responseMs: 20 } : { medianMs: 0.15, p99Ms: 1, responseMs: 0.2 };

const missing = lacking();
if (missing !== undefined) console.log(`skipped: constant delays: ${missing}`);

test.skipIf(missing !== undefined).each(DELAYS_MS)('a constant %d ms is measured as such', async (delayMs) => {
  const truth = await startTruth([{ delaysNs: [delayMs * 1e6] }]);
  const { tookNs, all } = await joined(truth, ['--rate', `${RATE}/s`, '--duration', `${SECONDS}s`, ...ROOMY]);
  const service = all('service');
  const servedNs = quantileOf(tookNs, 0.5);
  const medianNs = service.quantileNs(0.5) - servedNs;
  // No request had more added to it than its service time less the shortest time that the server took for any.
  const p99Ns = service.quantileNs(0.99) - tookNs[0]!;
  const responseNs = all('response').quantileNs(0.5) - servedNs;
  const met = Math.abs(medianNs) <= BAR.medianMs * 1e6 && p99Ns <= BAR.p99Ms * 1e6 && Math.abs(responseNs) <= BAR.responseMs * 1e6;
  record({
    experiment: 'E1',
    case: `constant ${delayMs} ms, ${RATE}/s`,
    bar: SHORT ? `added ≤ ${BAR.medianMs} ms at p50` : `added ≤ ${BAR.medianMs} ms at p50, ≤ ${BAR.p99Ms} ms at p99; response p50 ≤ ${BAR.responseMs} ms off`,
    measured: `${ms(medianNs)} at p50, ${ms(p99Ns)} at p99; response p50 ${ms(responseNs)} off (the server itself: p50 ${ms(servedNs)}, p99 ${ms(quantileOf(tookNs, 0.99))})`,
    met,
  });
  expect(tookNs[0]).toBeGreaterThanOrEqual(delayMs * 1e6);
  expect(service.count).toBe(tookNs.length);
  expect(met).toBe(true);
}, 60_000);
