import { describe, expect, test } from 'vitest';
import { whyOpened } from '../../src/reporters/why.js';
import type { ArmResult, Result } from '../../src/result/schema.js';
import { fixture } from '../fakes/results.js';

type Connections = ArmResult['totals']['connections'];

/** One round of one arm, in which these connections were opened; `needed` of them were in use at once. */
function told(needed: number, openedBecause: Record<string, number>, { closedBy = {}, requestsPerConnection = {} }: Partial<Connections> = {}): string {
  const result = fixture('single-arm');
  const [arm, round] = [result.arms[0]!, result.rounds[0]!];
  const none = { ...arm.totals.connections.warmup, attempts: 0, opened: 0, openedBecause: {}, closedBy: {} };
  const opened = Object.values(openedBecause).reduce((sum, count) => sum + count, 0);
  const connections: Connections = { ...none, attempts: opened, opened, openedBecause, closedBy, requestsPerConnection, warmup: none, peakOpen: needed, peakNeeded: needed };
  const said: Result = { ...result, rounds: [{ ...round, connections }] };
  return whyOpened(said, { ...arm, totals: { ...arm.totals, connections } });
}

describe('why connections were opened', () => {
  test('is told for the excess: what any reuse needs has no share in it', () => {
    const served = { closedBy: { 'server-announced-close/close-token': 9_161, 'round-end': 251 }, requestsPerConnection: { '3': 251, '100': 9_161 } };
    expect(told(64, { initial: 1, 'pool-grow': 63, 'server-announced-close/close-token': 9_161, 'server-idle-close': 187 }, served)).toBe(
      '9,412 connections, warm-up included, where 64 would do: 98 % because the server closed after 100 requests (server-announced-close/close-token); '
      + '2 % because the server closed the one before while it was idle (server-idle-close). The server ended 9,161 of them. Promise held in 4 of 4 rounds.',
    );
  });
  test('names no number of requests where the server closed after different ones', () => {
    const served = { closedBy: { 'server-announced-close/close-token': 300 }, requestsPerConnection: { '40': 150, '100': 150 } };
    expect(told(4, { 'pool-grow': 4, 'server-announced-close/close-token': 300 }, served)).toContain('100 % because the server said that it would close the one before (server-announced-close/close-token)');
  });
  test('knows a server that keeps no connection', () => {
    const served = { closedBy: { 'server-announced-close/always': 500 }, requestsPerConnection: { '1': 500 } };
    expect(told(4, { initial: 1, 'server-announced-close/always': 499 }, served)).toContain('100 % because the server closed after each request (server-announced-close/always). The server ended 500 of them.');
  });
  test('says what the policy does, for one request or for many', () => {
    expect(told(8, { initial: 1, policy: 199 }, { closedBy: { 'policy/client': 200 }, requestsPerConnection: { '1': 200 } })).toContain('where 8 would do: 100 % because the policy gives every request its own. Promise');
    expect(told(2, { initial: 1, policy: 19 }, { closedBy: { 'policy/client': 18, 'round-end': 2 }, requestsPerConnection: { '7': 2, '50': 18 } })).toContain('because the policy ends each after 50 requests.');
  });
  test('does not count an announced end among the server’s when we had to close', () => {
    expect(told(1, { initial: 1, 'server-announced-close/close-token': 2 }, { closedBy: { 'server-announced-close/close-token/client-first': 1, 'server-announced-close/never-closed': 1, 'server-announced-close/close-token': 1 } })).toContain('The server ended 1 of them.');
  });
  test('is no question where no more were opened than were in use at once, or none at all', () => {
    expect(told(12, { initial: 1, 'pool-grow': 11 })).toBe('12 connections, warm-up included, no more than were in use at once. Promise held in 4 of 4 rounds.');
    expect(told(0, {})).toBe('no connection.');
  });
});
