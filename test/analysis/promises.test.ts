import { describe, expect, it } from 'vitest';
import { judgePromise } from '../../src/analysis/promises.js';
import type { PromiseOutcome, RoundResult } from '../../src/result/schema.js';
import { fakeRun, type FakeArm } from '../fakes/raw-run.js';

describe('a promise that was held', () => {
  it('by a fresh arm names as many connections as requests, every handshake full', () => {
    expect(judge({ name: 'fresh' })).toMatchObject({
      held: true,
      rounds: 12,
      broken: 0,
      sentence: 'held: 6,600 requests, 6,600 connections, every TLS handshake full',
    });
  });

  it('by a reused arm names its connections: 32 in each of 12 rounds', () => {
    expect(judge({ name: 'reused' }).sentence).toBe('held: 6,600 requests, 384 connections, every TLS handshake full');
  });

  it('by a resumed arm names both kinds of handshake', () => {
    expect(judge({ name: 'resumed', options: { connections: 4 } }).sentence).toBe('held: 6,600 requests, 6,600 connections, 48 TLS handshakes full and 6,552 resumed');
  });

  it('by a capped arm lies between the connections needed and one more for each place', () => {
    const outcome = judge({ name: 'capped', options: { requests: 100, connections: 4 } });
    expect(outcome.facts[0]).toEqual({ what: 'opened', actual: 12 * 6, min: 12 * 6, max: 12 * 10, held: true });
  });

  it('has facts of TLS only over https', () => {
    expect(judge({ name: 'fresh' }).facts.map((fact) => fact.what)).toEqual(['opened', 'tlsFull', 'tlsResumed']);
    const plain = judge({ name: 'fresh' }, (round) => round, 'http://127.0.0.1:8080/');
    expect(plain.facts.map((fact) => fact.what)).toEqual(['opened']);
    expect(plain.sentence).toBe('held: 6,600 requests, 6,600 connections');
  });

  it('counts a connection that ended before it carried a request as one that was reached', () => {
    const wasted = (round: RoundResult): RoundResult => ({
      ...round,
      connections: {
        ...round.connections,
        attempts: round.connections.attempts + 2,
        opened: round.connections.opened + 2,
        tlsFull: round.connections.tlsFull + 1,
        tlsFailed: 1,
        requestsPerConnection: { ...round.connections.requestsPerConnection, '0': 2 },
      },
    });
    expect(judge({ name: 'fresh' }, wasted)).toMatchObject({ held: true, facts: [{ actual: 6624, min: 6624, max: 6624 }, { actual: 6612 }, { actual: 0 }] });
  });

  it('is not put to the test without a round', () => {
    expect(judgePromise(fakeRun().record.arms[0]!, [], true)).toEqual({ held: true, rounds: 0, broken: 0, sentence: 'not put to the test: no round was measured', facts: [] });
  });
});

describe('a promise that was broken', () => {
  it('by the server says how many connections it opened, and why', () => {
    expect(judge({ name: 'reused', serverClosesAfter: 10 })).toMatchObject({
      held: false,
      broken: 12,
      sentence:
        'NOT held: promised at most 32 connections in a round, 55 were opened; promised at most 32 full TLS handshakes in a round, 55 were made; ' +
        '23 of them because the server said that it would close the one before (server-announced-close/max-requests)',
    });
  });

  it('in one round is not excused by the others, and tells of that round', () => {
    const onceMore = (round: RoundResult): RoundResult => (round.index === 5 ? openedMore(round, 40, 'server-idle-close') : openedMore(round, -10, 'initial'));
    const outcome = judge({ name: 'reused' }, onceMore, 'http://127.0.0.1/');
    expect(outcome).toMatchObject({ held: false, broken: 1, facts: [{ actual: 384 + 40 - 110, max: 384, held: false }] });
    expect(outcome.sentence).toBe(
      'NOT held in 1 of 12 rounds: promised at most 32 connections in a round, 72 were opened; 40 of them because the server closed the one before while it was idle (server-idle-close)',
    );
  });

  it('tells the reasons by their number, and of attempts where some failed', () => {
    const disturbed = (round: RoundResult): RoundResult => {
      const more = openedMore(openedMore(round, 3, 'stale-reuse'), 9, 'made-up-reason');
      return { ...more, connections: { ...more.connections, attempts: more.connections.attempts + 1, connectFailed: 1, openedBecause: { ...more.connections.openedBecause, 'connect-failed': 1 } } };
    };
    expect(judge({ name: 'reused' }, disturbed, 'http://127.0.0.1/').sentence).toBe(
      'NOT held: promised at most 32 connections in a round, 44 were opened; 9 of 45 attempts because of made-up-reason; ' +
        '3 because the one before was used again just as the server closed it (stale-reuse); 1 because the attempt before did not succeed (connect-failed)',
    );
  });

  it('by a fresh arm that reused a connection says that one was missing', () => {
    const shared = (round: RoundResult): RoundResult => openedMore(round, -1, 'policy');
    expect(judge({ name: 'fresh' }, shared, 'http://127.0.0.1/').sentence).toBe('NOT held: promised exactly 550 connections in a round, 549 were opened');
  });

  it('by a fresh arm that resumed a session says so', () => {
    const resumed = (round: RoundResult): RoundResult => ({ ...round, connections: { ...round.connections, tlsFull: round.connections.tlsFull - 1, tlsResumed: 1 } });
    expect(judge({ name: 'fresh' }, resumed).sentence).toBe(
      'NOT held: promised exactly 550 full TLS handshakes in a round, 549 were made; promised no resumed TLS handshake in a round, 1 was made',
    );
  });
});

function judge(arm: FakeArm, disturb: (round: RoundResult) => RoundResult = (round) => round, url = 'https://127.0.0.1:8443/'): PromiseOutcome {
  const { record, rounds } = fakeRun({ arms: [arm], baseline: arm.name, url });
  return judgePromise(record.arms[0]!, rounds.map(disturb), url.startsWith('https:'));
}

function openedMore(round: RoundResult, more: number, reason: string): RoundResult {
  const { connections } = round;
  const openedBecause = { ...connections.openedBecause, [reason]: (connections.openedBecause[reason] ?? 0) + more };
  return { ...round, connections: { ...connections, attempts: connections.attempts + more, opened: connections.opened + more, openedBecause } };
}
