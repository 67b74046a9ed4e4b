import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Result } from '../../src/result/schema.js';
import { folder, start, WENT_THROUGH } from '../end-to-end/cli.js';
import { FIRST } from './measure.js';
import { SHORT } from './record.js';

const RATE = 2000;
const SECONDS = SHORT ? 2 : 10;

test('2,000 requests a second, constant, on one worker, are held within 0.1 %, and the report prints how late they were', async () => {
  const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  let heard = 0;
  let firstNs = 0n;
  let lastNs = 0n;
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('data', () => {
      heard++;
      if (heard > 1) {
        // the preflight is not part of the schedule
        lastNs = process.hrtime.bigint();
        if (heard === 2) firstNs = lastNs;
      }
      socket.write(answer);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const words = ['--arm', 'reused', '--pacer', 'constant', '--rate', `${RATE}/s`, '--duration', `${SECONDS}s`, '--warmup', '0s', '--blocks', '1', '--workers', '1', '--max-in-flight', '20000', '--out', folder()];
  const { code, stdout } = await start(['run', url, ...words, '--name', 'r', '--json'], {}, FIRST).ended;
  server.close();
  expect(SHORT ? WENT_THROUGH : [0]).toContain(code);
  const { rounds, arms } = JSON.parse(stdout) as Result;
  const late = arms[0]!.totals.latencyMs.late;
  console.log(`late p50 ${(late.p50 * 1000).toFixed(1)} µs, p99 ${(late.p99 * 1000).toFixed(1)} µs, p99.9 ${(late.p999 * 1000).toFixed(1)} µs`);
  for (const { requests } of rounds) expect(Math.abs(requests.sent / (RATE * SECONDS) - 1)).toBeLessThanOrEqual(0.001);
  expect(heard).toBe(1 + 2 * RATE * SECONDS);
  // The server saw both rounds: 2 × (10 s less one gap), and the pause between them.
  expect(Number(lastNs - firstNs) / 1e9).toBeGreaterThan(2 * SECONDS);
  expect(arms[0]!.totals.latencyMs.late.count).toBe(2 * RATE * SECONDS);
});
