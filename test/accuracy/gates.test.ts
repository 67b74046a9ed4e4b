/** Real provocations of real runs: the named gate fires, the run has no verdict, and the exit code says so. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { GateOutcome, Result } from '../../src/result/schema.js';
import { folder, start, type Running } from '../end-to-end/cli.js';

const BASE = ['--warmup', '200ms', '--pacing', 'timer', '--workers', '1', '--json', '--quiet', '--name', 'r'];

/** A target that answers as told; `n` counts its requests, `first` says that the request is the first of its connection. */
async function target(answer: (response: ServerResponse, n: number, first: boolean) => void): Promise<string> {
  let n = 0;
  const known = new WeakSet<object>();
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const first = !known.has(request.socket);
    known.add(request.socket);
    answer(response, n++, first);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function begin(url: string, ...words: readonly string[]): Running {
  return start(['run', url, ...BASE, ...words, '--out', folder()]);
}

async function gatesOf({ ended }: Running): Promise<{ code: number | null; state: (id: string) => GateOutcome['state'] | undefined; result: Result }> {
  const { code, stdout } = await ended;
  const result = JSON.parse(stdout) as Result;
  return { code, result, state: (id) => result.gates.find((gate) => gate.id === id)?.state };
}

test('a generator that is held up for half a second has no verdict: its loop stalled (G5)', async () => {
  const running = begin(await target((response) => response.end('ok')), '--rate', '500/s', '--arm', 'reused', '--duration', '3s', '--blocks', '1');
  await sleep(2500);
  running.child.kill('SIGSTOP');
  await sleep(500);
  running.child.kill('SIGCONT');
  const { code, state, result } = await gatesOf(running);
  expect(state('G5')).toBe('fail');
  expect(result.rounds.some(({ generator }) => generator.longestTurnMs > 400)).toBe(true);
  expect([code, result.verdict.state]).toEqual([3, 'untrustworthy']);
});

test('a rate of five times the capacity, with few in flight, is not what was planned (G1) and cuts latencies off (G3)', async () => {
  const slow = await target((response) => void setTimeout(() => response.end('ok'), 50));
  const { code, state } = await gatesOf(begin(slow, '--rate', '200/s', '--arm', 'reused', '--connections', '2', '--max-in-flight', '2', '--duration', '1s', '--blocks', '1'));
  expect([state('G1'), state('G3'), code]).toEqual(['fail', 'fail', 3]);
});

test('a target that becomes slower all the time does not stay the same (G12)', async () => {
  const slowing = await target((response, n) => void setTimeout(() => response.end('ok'), 5 + n / 40));
  const { code, state } = await gatesOf(begin(slowing, '--rate', '200/s', '--arm', 'reused', '--arm', 'fresh', '--duration', '700ms', '--blocks', '6'));
  expect([state('G12'), code]).toEqual(['fail', 3]);
});

test('a target that refuses the first request of some connections does other work for the arms (G15), which differ in errors (G4)', async () => {
  const picky = await target((response, n, first) => response.writeHead(first && n % 10 === 9 ? 503 : 200).end('ok'));
  const { code, state } = await gatesOf(begin(picky, '--rate', '200/s', '--arm', 'reused', '--arm', 'fresh', '--duration', '1s', '--blocks', '1'));
  expect([state('G4'), state('G15'), code]).toEqual(['fail', 'warn', 3]);
});
