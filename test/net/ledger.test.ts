import { describe, expect, test } from 'vitest';
import { Ledger, type Connection } from '../../src/net/ledger.js';
import { ManualClock } from '../fakes/manual-clock.js';

/** What happened to one connection, in the order in which a client tells it. */
interface Facts {
  readonly title: string;
  readonly happens: (connection: Connection) => void;
  /** Why its successor is opened. */
  readonly end: string;
  /** How it is counted among the closings, where that says more. */
  readonly closedBy?: string;
}

const awaiting = (carried: number) => (connection: Connection): void => {
  connection.carried = carried;
  connection.completed = carried - 1;
  connection.phase = 'awaiting';
};
const answered = (carried: number) => (connection: Connection): void => {
  connection.carried = connection.completed = carried;
  connection.phase = 'idle';
};
const all = (...steps: ((connection: Connection) => void)[]) => (connection: Connection): void => steps.forEach((step) => step(connection));
const peer = (signal: 'eof' | 'reset') => (connection: Connection): void => connection.peerEnded(signal);
const us = (cause: Connection['localEnd']) => (connection: Connection): void => connection.endLocally(cause);
const receiving = (connection: Connection): void => void (connection.phase = 'receiving');
const announced = (how: Connection['announced']) => (connection: Connection): void => void (connection.announced = how);
const patienceEnds = (connection: Connection): void => void (connection.neverClosed = true);

const ENDS: readonly Facts[] = [
  { title: 'a FIN while it was idle', happens: all(answered(3), peer('eof')), end: 'server-idle-close' },
  { title: 'a reset while it was idle', happens: all(answered(3), peer('reset')), end: 'idle-reset' },
  { title: 'a FIN before its first request', happens: peer('eof'), end: 'server-idle-close' },
  { title: 'a FIN in place of its first response', happens: all(awaiting(1), peer('eof')), end: 'peer-abort' },
  { title: 'a reset in place of its first response', happens: all(awaiting(1), peer('reset')), end: 'peer-abort' },
  { title: 'a FIN in place of a later response', happens: all(awaiting(2), peer('eof')), end: 'stale-reuse' },
  { title: 'a reset in place of a later response', happens: all(awaiting(9), peer('reset')), end: 'stale-reuse' },
  { title: 'a FIN within a later response', happens: all(awaiting(9), receiving, peer('eof')), end: 'peer-abort' },
  { title: 'an end that nobody explained', happens: awaiting(2), end: 'peer-abort' },
  { title: 'the first sign counts: a FIN, then a reset', happens: all(answered(1), peer('eof'), awaiting(2), peer('reset')), end: 'server-idle-close' },
  {
    title: 'a close token in the first response, then the FIN',
    happens: all(answered(1), announced('close-token'), peer('eof')),
    end: 'server-announced-close/always',
  },
  {
    title: 'a close token in the third response, then the FIN',
    happens: all(answered(3), announced('close-token'), peer('eof')),
    end: 'server-announced-close/close-token',
  },
  {
    title: 'a close token, and we were first',
    happens: all(answered(3), announced('close-token')),
    end: 'server-announced-close/close-token',
    closedBy: 'server-announced-close/close-token/client-first',
  },
  {
    title: 'a close token, and no FIN came',
    happens: all(answered(3), announced('close-token'), patienceEnds),
    end: 'server-announced-close/close-token',
    closedBy: 'server-announced-close/never-closed',
  },
  { title: 'HTTP/1.0', happens: all(answered(1), announced('http10'), peer('eof')), end: 'server-announced-close/http10' },
  { title: 'a body up to the FIN', happens: all(awaiting(1), receiving, peer('eof'), announced('eof-delimited')), end: 'server-announced-close/eof-delimited' },
  { title: 'its share was carried, and the server closed', happens: all(answered(2), us('policy'), peer('eof')), end: 'policy', closedBy: 'policy/server' },
  { title: 'its share was carried, and we closed', happens: all(answered(2), us('policy')), end: 'policy', closedBy: 'policy/client' },
  {
    title: 'its share was carried, as the server announced too',
    happens: all(answered(1), announced('close-token'), us('policy'), peer('eof')),
    end: 'policy',
    closedBy: 'policy/server',
  },
  { title: 'a response that did not come in time', happens: all(awaiting(2), us('local-timeout')), end: 'local-timeout' },
  {
    title: 'a response that announced its end and did not come whole',
    happens: all(awaiting(1), receiving, announced('close-token'), us('local-timeout')),
    end: 'local-timeout',
  },
  { title: 'bytes that are not HTTP', happens: all(awaiting(1), receiving, us('protocol-error')), end: 'protocol-error' },
  { title: 'our first reason stays', happens: all(awaiting(1), us('protocol-error'), us('round-end')), end: 'protocol-error' },
  { title: 'an answer before its request was out', happens: all(answered(1), us('early-response')), end: 'early-response' },
  { title: 'another protocol', happens: all(awaiting(1), us('upgrade')), end: 'upgrade' },
  { title: 'a request body that could not be read to its end', happens: all(awaiting(1), us('body-lost')), end: 'body-lost' },
  { title: 'the end of the round', happens: all(answered(5), us('round-end')), end: 'round-end' },
  { title: 'a run that was stopped', happens: all(awaiting(5), us('stopped')), end: 'stopped' },
];

function ledgerWith(secure = false): { ledger: Ledger; clock: ManualClock } {
  const clock = new ManualClock();
  return { ledger: new Ledger(clock, secure), clock };
}

describe('the end of a connection is named by what happened:', () => {
  test.each(ENDS)('$title', ({ happens, end, closedBy = end }) => {
    const { ledger } = ledgerWith();
    const connection = ledger.begin(true, null);
    ledger.connected(connection);
    happens(connection);
    const successor = ledger.begin(true, connection);
    ledger.ended(connection);
    expect(connection.end).toBe(end);
    expect(successor.reason, 'the same word opens the successor, even before the end is complete').toBe(end);
    expect(successor.predecessor).toBe(connection.id);
    expect(ledger.tally().closedBy).toEqual({ [closedBy]: 1 });
  });

  test('it was never there: the connect failed, and says how', () => {
    const { ledger } = ledgerWith();
    const refused = ledger.begin(true, null);
    refused.failure = 'refused';
    ledger.ended(refused);
    expect(ledger.begin(true, refused).reason).toBe('connect-failed/refused');
    expect(ledger.tally()).toMatchObject({ attempts: 2, opened: 0, connectFailed: 1, closed: 0, closedBy: {}, requestsPerConnection: {} });
  });

  test('it was given up while it was opened', () => {
    const { ledger } = ledgerWith();
    const late = ledger.begin(true, null);
    late.endLocally('local-timeout');
    late.failure = 'connect-timeout';
    ledger.ended(late);
    expect(late.end).toBe('connect-failed/connect-timeout');
  });

  test('TCP stood and TLS did not: opened, failed and closed', () => {
    const { ledger } = ledgerWith(true);
    const halfOpen = ledger.begin(false, null);
    ledger.connected(halfOpen);
    expect([ledger.open, ledger.underWay]).toEqual([1, 1]);
    halfOpen.failure = 'tls-certificate';
    ledger.ended(halfOpen);
    expect(ledger.tally().warmup).toMatchObject({ opened: 1, closed: 1, tlsFull: 0, tlsFailed: 1, closedBy: { 'connect-failed/tls-certificate': 1 } });
  });
});

describe('the ledger', () => {
  test('calls the first connection of its worker initial, and only that one', () => {
    const { ledger } = ledgerWith();
    expect([0, 1, 2].map(() => ledger.begin(true, null).reason)).toEqual(['initial', 'pool-grow', 'pool-grow']);
  });

  test('enters a connection where the exchange that opened it belongs, whenever it ends', () => {
    const { ledger } = ledgerWith(true);
    const [early, late] = [ledger.begin(false, null), ledger.begin(true, null)];
    for (const connection of [early, late]) ledger.connected(connection);
    ledger.secured(early, false);
    ledger.secured(late, true);
    for (const connection of [late, early]) all(answered(2), us('round-end'))(connection);
    ledger.ended(early);
    ledger.ended(late);
    const { warmup, ...measured } = ledger.tally();
    expect(warmup).toMatchObject({ attempts: 1, opened: 1, closed: 1, tlsFull: 1, tlsResumed: 0, openedBecause: { initial: 1 } });
    expect(measured).toMatchObject({ attempts: 1, opened: 1, closed: 1, tlsFull: 0, tlsResumed: 1, openedBecause: { 'pool-grow': 1 }, peakOpen: 2, requestsPerConnection: { 2: 2 } });
    expect([ledger.opened, ledger.tlsFull, ledger.tlsResumed, ledger.open, ledger.underWay]).toEqual([2, 1, 1, 0, 0]);
  });

  test('tells of each end once', () => {
    const { ledger } = ledgerWith();
    const told: number[] = [];
    ledger.onEnd = ({ id }) => told.push(id);
    const connection = ledger.begin(true, null);
    ledger.connected(connection);
    ledger.ended(connection);
    ledger.ended(connection);
    expect(told).toEqual([0]);
    expect(ledger.tally().closed).toBe(1);
  });
});
