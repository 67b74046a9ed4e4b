/** The last of E4: a target that is asked for more than it can do has no calm p99. */
import { expect, test } from 'vitest';
import { measure, ms, ROOMY } from './measure.js';
import { record, SHORT, timed } from './record.js';
import { lacking, startTruth } from './truth/index.js';

const CAPACITY = 500;
const BLOCKS = SHORT ? 3 : 6;
const SECONDS = SHORT ? 0.3 : 1;
const OVERLOAD = SHORT ? 2 : 1.2;

const missing = lacking();
if (missing !== undefined) console.log(`skipped: saturation: ${missing}`);

const CASES: readonly (readonly [string, readonly string[]])[] = [['by default', []], ['with room for all', ROOMY]];

test.skipIf(missing !== undefined).each(SHORT ? CASES.slice(1) : CASES)(`${OVERLOAD} × the capacity, %s: no verdict`, timed(90_000), async (name, words) => {
  const truth = await startTruth([{ turnNs: 1e9 / CAPACITY }]);
  const { code, result } = await measure(truth.url, ['--arm', 'reused', '--arm', 'fresh', '--rate', `${OVERLOAD * CAPACITY}/s`, '--blocks', `${BLOCKS}`, '--duration', `${SECONDS}s`, '--warmup', '0s', ...words]);
  const failed = result.gates.filter(({ state }) => state === 'fail').map(({ id }) => id);
  const [arm] = result.arms;
  const met = code === 3 && result.verdict.state === 'untrustworthy' && failed.includes('G12');
  record({ experiment: 'E4', case: `${OVERLOAD} × capacity, ${name}`, bar: 'no verdict', measured: `${result.verdict.state} (${failed.join(', ')}), p99 ${ms(1e6 * arm!.totals.latencyMs.response.p99, 0)}`, met });
  expect(met, result.verdict.sentence).toBe(true);
});
