import { describe, expect, test } from 'vitest';
import { Strip, type Stripped } from '../../src/measure/strip.js';

const MS = 1e6;
const FROM = 1000 * MS;

function connection(atMs: number, more: Partial<Stripped> = {}): Stripped {
  const attemptNs = FROM + atMs * MS;
  return { attemptNs, connectedNs: attemptNs + MS, securedNs: -1, endedNs: -1, resumed: false, row: -1, request: -1, ...more };
}

describe('the strip', () => {
  test('holds a row for each connection that was begun or used, from the start of the window on', () => {
    const strip = new Strip(FROM, 5000 * MS);
    const [old, young, unused] = [connection(-50), connection(3, { endedNs: FROM + 9 * MS }), connection(-40)];
    strip.begun(old);
    strip.sent(unused, FROM - 1);
    strip.sent(old, FROM + 2 * MS);
    strip.begun(young);
    strip.done(old, FROM + 4 * MS);
    strip.sent(young, FROM + 5 * MS);
    strip.done(young, FROM + 8 * MS);
    strip.sent(old, FROM + 1999 * MS);
    strip.done(old, FROM + 2001 * MS);
    expect(strip.result(3)).toEqual({
      untilMs: 2000,
      workers: 3,
      connections: [
        { begunMs: -50, connectedMs: -49, securedMs: null, resumed: false, endedMs: null, sentMs: [2, 1999], doneMs: [4, null] },
        { begunMs: 3, connectedMs: 4, securedMs: null, resumed: false, endedMs: 9, sentMs: [5], doneMs: [8] },
      ],
    });
  });

  test('ends where the 41st connection was begun', () => {
    const strip = new Strip(FROM, 5000 * MS);
    for (let i = 0; i < 50; i++) strip.begun(connection(i));
    const { untilMs, connections } = strip.result(1);
    expect([untilMs, connections.length]).toEqual([40, 40]);
  });

  test('ends where the 601st request was sent, and still sees those end that were under way', () => {
    const strip = new Strip(FROM, 5000 * MS);
    const [one, other] = [connection(-5), connection(-5)];
    strip.sent(other, FROM);
    for (let i = 1; i < 700; i++) {
      strip.sent(one, FROM + i * MS);
      if (one.request >= 0) strip.done(one, FROM + (i + 0.5) * MS);
    }
    strip.done(other, FROM + 599 * MS);
    const { untilMs, connections } = strip.result(1);
    expect([untilMs, connections.map(({ sentMs }) => sentMs.length)]).toEqual([600, [1, 599]]);
    expect(connections[0]!.doneMs).toEqual([599]);
  });

  test('is as long as a window that is shorter than 2 s', () => {
    expect(new Strip(FROM, 300 * MS).result(1)).toEqual({ untilMs: 300, workers: 1, connections: [] });
  });
});
