import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PoolBench } from '../fakes/pool-bench.js';

const MS = 1e6;

const benches: PoolBench[] = [];
function onBench(...given: ConstructorParameters<typeof PoolBench>): PoolBench {
  const bench = new PoolBench(...given);
  benches.push(bench);
  return bench;
}

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
  vi.useRealTimers();
});

describe('an exchange goes to', () => {
  test('the connection that was used last, and a new one only when none is free', () => {
    const bench = onBench();
    bench.send(1, 2, 3);
    for (const slot of [1, 0, 2]) bench.answer(slot);
    bench.send(4, 5);
    bench.answer(2);
    bench.send(6);
    expect(bench.begun).toEqual(['1 on 0', '2 on 1', '3 on 2', '4 on 2', '5 on 0', '6 on 2']);
    expect(bench.ledger.tally().openedBecause).toEqual({ initial: 1, 'pool-grow': 2 });
  });

  test('the connection that becomes free first, in turn, when all are busy', () => {
    const bench = onBench({ connections: 2 });
    bench.send(1, 2, 3, 4, 5);
    for (const slot of [1, 1, 0]) bench.answer(slot);
    expect(bench.begun).toEqual(['1 on 0', '2 on 1', '3 on 1', '4 on 1', '5 on 0']);
    expect(bench.ledger.peakNeeded).toBe(2);
  });

  test('the place of a connection that broke, when it waits', () => {
    const bench = onBench({ connections: 1 });
    bench.send(1, 2);
    bench.breakOff(0);
    expect(bench.begun).toEqual(['1 on 0', '2 on 0']);
    expect(bench.over).toEqual(['1 reset']);
    expect(bench.ledger.tally().openedBecause).toEqual({ initial: 1, 'peer-abort': 1 });
  });

  test('a new connection when the idle one has begun to end, though its socket is not closed yet', () => {
    const bench = onBench({ connections: 1 });
    bench.send(1);
    bench.answer(0);
    const ending = bench.slot(0).connection!;
    ending.peerEnded('eof');
    bench.send(2);
    expect(bench.slot(0).connection).not.toBe(ending);
    expect(bench.ledger.tally().openedBecause).toEqual({ initial: 1, 'server-idle-close': 1 });
    bench.gone(ending);
    bench.answer(0);
    expect(bench.over).toEqual(['1 ok', '2 ok']);
  });

  test('another idle connection when the one that was used last has begun to end', () => {
    const bench = onBench({ connections: 2 });
    bench.send(1, 2);
    for (const slot of [0, 1]) bench.answer(slot);
    bench.slot(1).connection!.endLocally('protocol-error');
    bench.send(3);
    expect(bench.begun.at(-1)).toBe('3 on 0');
    expect(bench.ledger.tally().attempts).toBe(2);
  });
});

describe('a connection', () => {
  test('carries its share and no more', () => {
    const bench = onBench({ connections: 1, requestsPerConnection: 3 });
    for (let n = 1; n <= 7; n++) {
      bench.send(n);
      bench.answer(0);
    }
    expect(bench.samples.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 1, 2, 3, 1]);
    expect(bench.ledger.tally()).toMatchObject({ opened: 3, openedBecause: { initial: 1, policy: 2 }, closedBy: { 'policy/client': 2 } });
  });

  test('rests: meanwhile others are opened', () => {
    const bench = onBench({ restNs: 20 * MS });
    bench.send(1);
    bench.answer(0);
    vi.advanceTimersByTime(19);
    bench.send(2);
    bench.answer(1);
    vi.advanceTimersByTime(1);
    bench.send(3);
    expect(bench.begun).toEqual(['1 on 0', '2 on 1', '3 on 0']);
  });

  test('rests: when all do, an exchange waits until the first has rested', () => {
    const bench = onBench({ connections: 2, restNs: 20 * MS });
    bench.send(1, 2);
    bench.answer(1);
    vi.advanceTimersByTime(5);
    bench.answer(0);
    bench.send(3, 4);
    vi.advanceTimersByTime(14);
    expect(bench.begun).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(bench.begun.slice(2)).toEqual(['3 on 1']);
    vi.advanceTimersByTime(5);
    expect(bench.begun.slice(2)).toEqual(['3 on 1', '4 on 0']);
    expect(bench.samples.map(({ sentNs }) => sentNs / MS)).toEqual([0, 0, 20, 25]);
  });

  test('that ends while it rests leaves its place to the exchange that waits', () => {
    const bench = onBench({ connections: 1, restNs: 20 * MS });
    bench.send(1);
    bench.answer(0);
    bench.send(2);
    const resting = bench.slot(0).connection!;
    resting.peerEnded('reset');
    bench.gone(resting);
    expect(bench.begun).toEqual(['1 on 0', '2 on 0']);
    expect(bench.ledger.tally().openedBecause).toEqual({ initial: 1, 'idle-reset': 1 });
  });

  test.each(['eof', 'reset'] as const)('that the server ends by %s while it is idle: the book holds how long it had been idle', (signal) => {
    const bench = onBench({ connections: 1 });
    bench.send(1);
    bench.answer(0);
    vi.advanceTimersByTime(5000);
    const idle = bench.slot(0).connection!;
    idle.peerEnded(signal);
    bench.gone(idle);
    const gaps = bench.ledger.tally().idle!;
    expect(gaps.beforeServerClose).toMatchObject({ count: 1, min: 5000 * MS, max: 5000 * MS });
    expect(gaps.beforeReuse.count).toBe(0);
  });

  test('that ends as announced, by our policy or with the round was not closed for being idle', () => {
    const bench = onBench({ connections: 3 });
    bench.send(1, 2, 3);
    for (const slot of [0, 1, 2]) bench.answer(slot);
    const [announced, planned, left] = [0, 1, 2].map((slot) => bench.slot(slot).connection!);
    announced!.announced = 'close-token';
    planned!.endLocally('policy');
    left!.endLocally('round-end');
    for (const connection of [announced!, planned!, left!]) {
      connection.peerEnded('eof');
      bench.gone(connection);
    }
    expect(bench.ledger.tally().idle!.beforeServerClose.count).toBe(0);
  });

  test('knows the longest that it was idle, and who paid for it', () => {
    const bench = onBench({ connections: 1 });
    for (const idleMs of [5, 40, 10]) {
      bench.send(1);
      vi.advanceTimersByTime(7);
      bench.answer(0);
      vi.advanceTimersByTime(idleMs);
    }
    bench.send(1);
    expect(bench.slot(0).connection!.longestIdleNs).toBe(40 * MS);
    expect(bench.ledger.tally().idle!.beforeReuse).toMatchObject({ count: 3, min: 5 * MS, max: 40 * MS, sum: 55 * MS });
    expect(bench.samples.map(({ connectNs }) => connectNs)).toEqual([0, -1, -1, -1]);
  });
});

describe('patience ends', () => {
  test('with a connection that does not come', () => {
    const bench = onBench({ connections: 1 }, { connects: false });
    bench.send(1);
    const { connection } = bench.slot(0);
    vi.advanceTimersByTime(1000);
    expect(bench.over).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(bench.over).toEqual(['1 connect-timeout']);
    bench.gone(connection!);
    expect(connection!.end).toBe('connect-failed/connect-timeout');
    expect(bench.samples[0]!.sentNs).toBe(-1);
  });

  test('with a response that does not come, and the next exchange opens another connection', () => {
    const bench = onBench({ connections: 1 });
    bench.send(1);
    vi.advanceTimersByTime(2000);
    bench.send(2);
    vi.advanceTimersByTime(1100);
    expect(bench.over).toEqual(['1 response-timeout']);
    expect(bench.links[0]!.abandoned).toBe(1);
    expect(bench.begun).toEqual(['1 on 0', '2 on 0']);
    expect(bench.ledger.tally().openedBecause).toEqual({ initial: 1, 'local-timeout': 1 });
  });

  test('with a connection that does not become free', () => {
    const bench = onBench({ connections: 1 });
    bench.send(1);
    vi.advanceTimersByTime(1000);
    bench.send(2);
    vi.advanceTimersByTime(1500);
    bench.answer(0); // 2 is sent now
    bench.send(3, 4);
    vi.advanceTimersByTime(1000);
    expect(bench.over).toEqual(['1 ok']);
    vi.advanceTimersByTime(600);
    expect(bench.over).toEqual(['1 ok', '2 response-timeout']);
    vi.advanceTimersByTime(1500);
    expect(bench.over).toEqual(['1 ok', '2 response-timeout', '4 wait-timeout', '3 response-timeout']);
  });
});

describe('a pool that is closed', () => {
  test('gives up what is under way and what waits, and is done when the last connection is gone', async () => {
    const bench = onBench({ connections: 2 });
    bench.send(1, 2, 3);
    bench.answer(1); // 3 begins
    bench.send(4);
    const connections = [0, 1].map((index) => bench.slot(index).connection!);
    let closed = false;
    const closing = bench.pool.close().then(() => (closed = true));
    expect(bench.over).toEqual(['2 ok', '4 stopped', '1 stopped', '3 stopped']);
    expect(bench.samples[3]!.sentNs).toBe(-1);
    bench.gone(connections[0]!);
    await Promise.resolve();
    expect(closed).toBe(false);
    bench.gone(connections[1]!);
    await closing;
    expect(connections.map(({ end }) => end)).toEqual(['stopped', 'stopped']);
    bench.send(5);
    expect(bench.over.at(-1)).toBe('5 stopped');
    expect(bench.ledger.tally().attempts).toBe(2);
  });

  test('closes what is idle, as the end of the round', async () => {
    const bench = onBench();
    bench.send(1, 2);
    for (const slot of [0, 1]) bench.answer(slot);
    await bench.pool.close();
    expect(bench.ledger.tally()).toMatchObject({ opened: 2, closed: 2, closedBy: { 'round-end': 2 } });
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('whatever happens, every exchange is over once, in its turn, and no place is lost', async () => {
  const step = fc.record({ act: fc.constantFrom('send', 'send', 'answer', 'break', 'end idle', 'gone', 'time'), at: fc.nat(7), ms: fc.integer({ min: 1, max: 400 }) });
  const rules = fc.record({ connections: fc.integer({ min: 1, max: 4 }), requestsPerConnection: fc.constantFrom(1, 2, Infinity), restNs: fc.constantFrom(0, 30 * MS) });
  await fc.assert(
    fc.asyncProperty(rules, fc.array(step, { maxLength: 60 }), async (given, steps) => {
      const bench = onBench(given);
      for (const { act, at, ms } of steps) {
        const { slot } = bench.links[at % bench.links.length]!;
        if (act === 'send') bench.send(bench.samples.length);
        else if (act === 'answer' && slot.sample !== null) bench.answer(slot.index);
        else if (act === 'break' && slot.sample !== null) bench.breakOff(slot.index);
        else if (act === 'end idle' && slot.idle) slot.connection!.peerEnded('eof');
        else if (act === 'gone') for (const connection of bench.standing) if (connection.ending) bench.gone(connection);
        if (act === 'time') vi.advanceTimersByTime(ms);
        expect(bench.begun.length + bench.over.filter((text) => text.endsWith('wait-timeout')).length).toBeLessThanOrEqual(bench.samples.length);
      }
      vi.advanceTimersByTime(10_000); // what is under way ends, what waits begins and ends
      expect(bench.over).toHaveLength(bench.samples.length);
      const order = bench.begun.map((text) => Number(text.split(' ')[0]));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      for (const connection of bench.standing) if (connection.ending) bench.gone(connection);

      const before = bench.begun.length;
      bench.send(...Array.from({ length: given.connections + 1 }, (_, n) => 1000 + n));
      expect(bench.begun.length - before, 'all places are there').toBe(given.connections);
      await bench.close();
      const { attempts, openedBecause } = bench.ledger.tally();
      expect(Object.values(openedBecause).reduce((a, b) => a + b, 0)).toBe(attempts);
      expect(bench.ledger.open).toBe(0);
    }),
    { numRuns: 300 },
  );
});
