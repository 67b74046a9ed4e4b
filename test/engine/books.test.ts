import { describe, expect, test } from 'vitest';
import { checkBooks } from '../../src/engine/books.js';
import { TrustError } from '../../src/errors.js';
import type { RoundResult } from '../../src/result/schema.js';
import { fakeRun } from '../fakes/raw-run.js';

const round = (): RoundResult => structuredClone(fakeRun().rounds[0]!);

describe('the books of a round', () => {
  test('balance when they are true', () => {
    expect(() => checkBooks(round(), true)).not.toThrow();
  });

  test.each<[string, (round: RoundResult) => void]>([
    ['a request that was planned and never heard of', ({ requests }) => requests.planned++],
    ['a response too many', ({ requests }) => requests.completed++],
    ['a failure without a kind', ({ requests }) => requests.warmup.failed++],
    ['a connection opened and never closed', ({ connections }) => connections.opened++],
    ['an attempt without a reason', ({ connections }) => connections.attempts++],
    ['a closing without a cause', ({ connections }) => connections.warmup.closed++],
    ['a handshake too many', ({ connections }) => connections.tlsFull++],
    ['a request that no connection carried', ({ connections }) => (connections.requestsPerConnection = { ...connections.requestsPerConnection, '7': 1 })],
    ['a latency too few', ({ histograms }) => histograms.service.count--],
  ])('do not balance with %s', (_what, spoil) => {
    const spoiled = round();
    spoil(spoiled);
    expect(() => checkBooks(spoiled, true)).toThrow(TrustError);
  });
});
