import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Linger } from '../../../src/clients/wire/linger.js';
import type { ConnectedSocket } from '../../../src/net/connector.js';

const PATIENCE_NS = 1e9;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('who waits in vain is closed when its own patience ends, and marked; who has left is not', () => {
  const { linger, at, now, sockets, destroyed } = waiting();
  at(0, () => sockets.slice(0, 2).forEach((socket) => linger.add(socket, now())));
  at(600, () => sockets.slice(2, 4).forEach((socket) => linger.add(socket, now())));
  linger.delete(sockets[0]!);
  at(999, () => expect(destroyed).toEqual([]));
  at(1050, () => expect(destroyed).toEqual([1]));
  linger.delete(sockets[1]!); // its close comes after
  linger.delete(sockets[2]!);
  at(1700, () => expect(destroyed).toEqual([1, 3]));
  expect(sockets.slice(0, 5).map(({ connection }) => connection.neverClosed)).toEqual([false, true, false, true, false]);
  expect(vi.getTimerCount()).toBe(0);
});

test('any number can wait, whoever leaves first', () => {
  const { linger, at, now, sockets, destroyed } = waiting(1000);
  at(0, () => sockets.forEach((socket) => linger.add(socket, now())));
  const left = sockets.filter((_, index) => index % 3 !== 1);
  for (const socket of left.toReversed()) linger.delete(socket);
  at(1100, () => expect(destroyed).toEqual(sockets.map((_, index) => index).filter((index) => index % 3 === 1)));
});

test('one who stays holds up nobody behind it', () => {
  const { linger, at, now, sockets, destroyed } = waiting(500);
  at(0, () => linger.add(sockets[0]!, now()));
  at(10, () => {
    for (const socket of sockets.slice(1)) {
      linger.add(socket, now());
      linger.delete(socket);
    }
  });
  at(20, () => linger.add(sockets[499]!, now()));
  at(1100, () => expect(destroyed).toEqual([0, 499]));
});

test('to leave twice, or without having waited, changes nothing', () => {
  const { linger, at, now, sockets, destroyed } = waiting();
  linger.delete(sockets[0]!);
  at(0, () => sockets.slice(0, 2).forEach((socket) => linger.add(socket, now())));
  linger.delete(sockets[0]!);
  linger.delete(sockets[0]!);
  at(1100, () => expect(destroyed).toEqual([1]));
});

/** Sockets that note their number when they are destroyed, and a clock that goes with the timers. */
function waiting(count = 5) {
  let nowMs = 0;
  const destroyed: number[] = [];
  const sockets = Array.from({ length: count }, (_, number) => ({ lingering: -1, connection: { neverClosed: false }, destroy: () => destroyed.push(number) }) as unknown as ConnectedSocket);
  const now = (): number => nowMs * 1e6;
  const linger = new Linger({ nowNs: now }, PATIENCE_NS);
  const at = (ms: number, then: () => void): void => {
    for (; nowMs < ms; nowMs++) vi.advanceTimersByTime(1);
    then();
  };
  return { linger, at, now, sockets, destroyed };
}
