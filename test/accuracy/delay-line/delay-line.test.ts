/** The instrument of the other tests: a round trip over the delay line takes what it was told, nothing is lost, and nothing is left behind. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { record, SHORT } from '../record.js';
import { lacking, withDelayLine, type End } from './index.mjs';

const missing = lacking();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const PING_PONG = fileURLToPath(new URL('./ping-pong.mjs', import.meta.url));
const TIMES = SHORT ? 30 : 300;

test.skipIf(missing !== undefined).each([1, 10, 50])('a round trip of %d ms takes that long', async (rttMs) => {
  await withDelayLine(rttMs, async ({ near, far, line }) => {
    const { said: port, stop } = await start(far, 'serve', far.address);
    const { said, stop: done } = await start(near, 'ask', far.address, port, `${TIMES}`);
    const tookMs = (JSON.parse(said) as number[]).sort((a, b) => a - b);
    const counts = await line.counts();
    await Promise.all([stop(), done()]);
    const [quickest, median] = [tookMs[0]!, tookMs[TIMES / 2]!];
    const measured = `quickest ${quickest.toFixed(2)} ms, median ${median.toFixed(2)} ms; ${counts.late} of ${counts.packets} packets handed on more than 0.1 ms late, ${counts.lost} lost`;
    // What comes on top is two processes that wake. The median is for a quiet machine.
    const met = quickest >= rttMs && (SHORT || median <= rttMs + 1);
    record({ experiment: 'delay line', case: `${rttMs} ms`, bar: SHORT ? 'never early' : 'never early; median within 1 ms', measured, met });
    expect(counts).toMatchObject({ syns: 1, lost: 0 });
    expect(met).toBe(true);
  }, { exact: true });
}, 60_000);

test.skipIf(missing !== undefined)('its namespaces are gone when it is, although its user failed', async () => {
  let file = '';
  const failing = withDelayLine(0, async ({ near }) => {
    file = near.words('true')[1]!.replace('--net=', '');
    expect(existsSync(file)).toBe(true);
    expect(near.kernelCounts()['TcpActiveOpens']).toBe(0);
    throw new Error('as it may be');
  });
  await expect(failing).rejects.toThrow('as it may be');
  expect(existsSync(file)).toBe(false);
});

/** Starts one side and waits for its first line. */
async function start(end: End, ...words: readonly string[]): Promise<{ said: string; stop: () => Promise<unknown> }> {
  const child = end.start(process.execPath, [PING_PONG, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const { value, done } = await createInterface({ input: child.stdout! })[Symbol.asyncIterator]().next();
  if (done) throw new Error(`${words.join(' ')} said nothing`);
  return {
    said: value,
    stop: () => {
      child.stdin!.end();
      return ended;
    },
  };
}
