import { createServer, connect, type AddressInfo } from 'node:net';
import { readFileSync, existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countTimeWait } from '../../src/engine/time-wait.js';
import { washOut, type Washout } from '../../src/engine/washout.js';

const LEAST_MS = 100;

/** Waits on a clock that only its own waiting moves. @param taken ports in TIME_WAIT by the time that has passed, in ms @returns how long it took, in ms */
async function washedOut(taken: (ms: number) => number | null, others: Partial<Washout> = {}): Promise<number> {
  let nowMs = 0;
  const sleep = async (ms: number): Promise<void> => void (nowMs += ms);
  await washOut({ leastNs: LEAST_MS * 1e6, portsTaken: () => taken(nowMs), ports: 1000, sleep, nowNs: () => nowMs * 1e6, interrupted: () => false, ...others });
  return nowMs;
}

describe('the washout between two rounds', () => {
  test('is short where no port is held, or where that cannot be told', async () => {
    expect(await washedOut(() => 0)).toBe(LEAST_MS);
    expect(await washedOut(() => 100)).toBe(LEAST_MS);
    expect(await washedOut(() => null)).toBe(LEAST_MS);
    expect(await washedOut(() => 5000, { ports: null })).toBe(LEAST_MS);
  });

  test('lasts until under a tenth of the ports is held', async () => {
    expect(await washedOut((ms) => (ms < 9000 ? 101 : 100))).toBeGreaterThanOrEqual(9000);
    expect(await washedOut((ms) => (ms < 9000 ? 101 : 100))).toBeLessThan(9500);
  });

  test('lasts as long as was asked, and is given up within a quarter of a second when the run is interrupted', async () => {
    expect(await washedOut(() => 0, { leastNs: 5e9 })).toBe(5000);
    expect(await washedOut(() => 0, { leastNs: 120e9 })).toBe(120_000);
    expect(await washedOut(() => 0, { leastNs: 0 })).toBe(0);
    let looks = 0;
    expect(await washedOut(() => 0, { leastNs: 5e9, interrupted: () => ++looks > 3 })).toBe(750);
  });

  test('ends after a minute, and at once when the run is interrupted', async () => {
    expect(await washedOut(() => 999)).toBeGreaterThanOrEqual(60_000);
    expect(await washedOut(() => 999)).toBeLessThan(61_000);
    expect(await washedOut(() => 999, { interrupted: () => true })).toBe(0);
  });
});

describe('the kernel’s table of sockets', () => {
  const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:C350 0700020A:01BB 06 00000000:00000000 03:00000177 00000000     0        0 0 3 0
   2: 0100007F:C351 0700020A:01BB 06 00000000:00000000 03:00000177 00000000     0        0 0 3 0
   3: 0100007F:C352 0700020A:01BB 01 00000000:00000000 00:00000000 00000000     0        0 9 1 0
   4: 0700020A:01BB 0100007F:C353 06 00000000:00000000 03:00000177 00000000     0        0 0 3 0
   5: 0100007F:C354 0700020A:01BC 06 00000000:00000000 03:00000177 00000000     0        0 0 3 0
`;
  test('is read for ports of ours that wait toward the target, and nothing else', () => {
    expect(countTimeWait(TABLE, { address: '10.2.0.7', port: 443, family: 4 })).toBe(2);
    expect(countTimeWait(TABLE, { address: '10.2.0.8', port: 443, family: 4 })).toBe(0);
  });

  test('prints IPv6 addresses as words', () => {
    const line = (far: string): string => `   0: 00000000000000000000000001000000:9C40 ${far}:01BB 06 0 0 0`;
    expect(countTimeWait(line('B80D0120000000000000000001000000'), { address: '2001:db8::1', port: 443, family: 6 })).toBe(1);
    expect(countTimeWait(line('0000000000000000FFFF00000700020A'), { address: '::ffff:10.2.0.7', port: 443, family: 6 })).toBe(1);
  });

  test.each(['127.0.0.1', '::1'])('of this machine shows a connection to %s that was closed by us first', async (address) => {
    const path = address === '::1' ? '/proc/net/tcp6' : '/proc/net/tcp';
    const server = createServer({ allowHalfOpen: false }, (socket) => socket.resume());
    const listening = await new Promise<boolean>((done) => server.once('error', () => done(false)).listen(0, address, () => done(true)));
    if (!existsSync(path) || !listening) return void console.log(`skipped: no ${existsSync(path) ? address : path} here`);
    const { port } = server.address() as AddressInfo;
    const target = { address, port, family: address === '::1' ? 6 : 4 } as const;
    const count = (): number => countTimeWait(readFileSync(path, 'utf8'), target);
    expect(count()).toBe(0);
    const socket = connect(port, address);
    await new Promise((connected) => socket.once('connect', connected));
    socket.end().resume();
    await new Promise((closed) => socket.once('close', closed));
    await expect.poll(count).toBe(1);
    server.close();
  });
});
