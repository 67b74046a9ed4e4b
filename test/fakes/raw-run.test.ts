import { describe, expect, it } from 'vitest';
import { roundResult, runRecord, type ConnectionCounts, type RequestCounts } from '../../src/result/schema.js';
import { fakeRun } from './raw-run.js';

const run = fakeRun({
  arms: [
    { name: 'fresh' },
    { name: 'reused', failed: 3, aborted: 2, shed: 5 },
    { name: 'resumed' },
    { name: 'capped', options: { requests: 7 } },
    { name: 'cut', policy: 'reused', serverClosesAfter: 20 },
  ],
  blocks: 1,
});

describe('a fake run', () => {
  it('is a run by the schema of the result file', () => {
    expect(runRecord.parse(run.record)).toEqual(run.record);
    expect(run.rounds.map((round) => roundResult.parse(round))).toEqual(run.rounds);
  });

  it('runs every block forwards and back', () => {
    expect(run.rounds.map((round) => round.arm)).toEqual(['fresh', 'reused', 'resumed', 'capped', 'cut', 'cut', 'capped', 'resumed', 'reused', 'fresh']);
  });

  it('has books that balance in every round', () => {
    for (const { arm, requests, connections, histograms } of run.rounds) {
      for (const part of [requests, requests.warmup]) balanceRequests(part, arm);
      for (const part of [connections, connections.warmup]) balanceConnections(part, arm);
      const opened = connections.opened + connections.warmup.opened;
      const carried = Object.entries(connections.requestsPerConnection);
      expect(sum(carried.map(([, count]) => count)), arm).toBe(opened);
      expect(sum(carried.map(([each, count]) => Number(each) * count)), arm).toBe(requests.sent + requests.warmup.sent);
      expect(histograms.response.count, arm).toBe(requests.completed);
      expect(histograms.tls.count, arm).toBe(connections.opened);
    }
  });

  it('ends where it was interrupted', () => {
    const cut = fakeRun({ ended: 5 });
    expect(cut.rounds).toHaveLength(5);
    expect(cut.complete).toBe(false);
  });
});

function balanceRequests(part: RequestCounts, arm: string): void {
  expect(part.planned, arm).toBe(part.sent + part.shed + part.aborted);
  expect(part.sent, arm).toBe(part.completed + part.failed);
  expect(sum(Object.values(part.failures)), arm).toBe(part.failed + part.aborted);
}

function balanceConnections(part: ConnectionCounts, arm: string): void {
  expect(part.attempts, arm).toBe(part.opened + part.connectFailed);
  expect(part.tlsFull + part.tlsResumed + part.tlsFailed, arm).toBe(part.opened);
  expect(sum(Object.values(part.openedBecause)), arm).toBe(part.attempts);
  expect(sum(Object.values(part.closedBy)), arm).toBe(part.closed);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
