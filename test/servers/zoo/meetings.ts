/** Who meets whom in the zoo, and what a truthful client reports of it: one line a meeting, and below it where undici honestly differs. */
import type { ConnectionRules } from '../../../src/define.js';
import type { Plan } from '../../fakes/exchange.js';
import * as zoo from './index.js';
import type { Member } from './member.js';

type Counts = Readonly<Record<string, number>>;

/** Warm-up and window together. */
export interface Expected {
  readonly completed: number;
  readonly failures?: Counts;
  readonly openedBecause: Counts;
  /** Their sum is the count of connections, at both ends. */
  readonly closedBy: Counts;
  /** Requests that the server read, where they are fewer than were sent. */
  readonly served?: number;
  /** Handshakes: full, resumed, failed. */
  readonly tls?: readonly [full: number, resumed: number, failed: number];
}

export interface Meeting {
  readonly member: Member;
  /** What this meeting is about, where the member's sentence does not say it. */
  readonly when: string;
  readonly plan: Plan;
  readonly expected: Expected;
  readonly undici?: Partial<Expected> & { readonly why: string };
}

const sequence = (exchanges: number): Plan => ({ exchanges });
/** Each exchange waits until the client has seen the connection of the one before it end. */
const resting = (exchanges: number): Plan => ({ exchanges, goneAfter: 1 });
const impatient = (exchanges: number, timeout: 'connectNs' | 'responseNs'): Plan => ({ exchanges, timeouts: { [timeout]: 150e6 } });
const head = (exchanges: number): Plan => ({ exchanges, request: { method: 'HEAD' } });
const upload = (exchanges: number, bytes: number): Plan => ({ exchanges, request: { method: 'POST', body: Buffer.alloc(bytes) } });
const ruled = (exchanges: number, rules: Partial<ConnectionRules>, together = 1): Plan => ({ exchanges, rules, together });

/** One connection carries all. */
const kept = (completed: number): Expected => ({ completed, openedBecause: { initial: 1 }, closedBy: { 'round-end': 1 } });
/** Each exchange needs a connection of its own, for this reason. */
const oneEach = (completed: number, reason: string, end = reason): Expected => groups(completed, completed, reason, end);
/** Each exchange fails in this way and takes its connection along. */
const failing = (n: number, kind: string, reason: string): Expected => ({ ...oneEach(n, reason), completed: 0, failures: { [kind]: n } });
/** So many connections share the exchanges. */
const groups = (completed: number, connections: number, reason: string, end = reason): Expected => ({
  completed,
  openedBecause: { initial: 1, [reason]: connections - 1 },
  closedBy: { [end]: connections },
});
/** No connection becomes ready: TCP stands, TLS does not. */
const unsecured = (n: number, kind: string): Expected => ({ ...failing(n, kind, `connect-failed/${kind}`), tls: [0, 0, n] });

const OWN_CLOSE = 'undici closes its own side as soon as the last response is complete, without waiting for the server';
const clientFirst = (n: number, end: string): Meeting['undici'] => ({ why: OWN_CLOSE, closedBy: { [`${end}/client-first`]: n } });

const meeting = (member: Member, plan: Plan, expected: Expected, undici?: Meeting['undici'], when = ''): Meeting => {
  return { member, when, plan, expected, ...(undici && { undici }) };
};
/** A meeting that is about the rules of the client. */
const about = (when: string, member: Member, plan: Plan, expected: Expected, undici?: Meeting['undici']): Meeting => meeting(member, plan, expected, undici, when);

const patience: readonly Meeting[] = [
  meeting(zoo.patient, sequence(5), kept(5)),
  about(
    'three at a time need three connections',
    zoo.patient,
    ruled(9, { connections: 3 }, 3),
    { completed: 9, openedBecause: { initial: 1, 'pool-grow': 2 }, closedBy: { 'round-end': 3 } },
  ),
  about('three at a time wait for the only connection', zoo.patient, ruled(9, { connections: 1 }, 3), kept(9)),
  about('the connection rests between requests', zoo.patient, ruled(3, { restNs: 20e6 }), kept(3)),
  about(
    'we ask the server to close after two',
    zoo.patient,
    ruled(6, { requestsPerConnection: 2, closeBy: 'server' }),
    groups(6, 3, 'policy', 'policy/server'),
    { why: OWN_CLOSE, closedBy: { 'policy/client': 3 } },
  ),
  about('we close after two', zoo.patient, ruled(6, { requestsPerConnection: 2 }), groups(6, 3, 'policy', 'policy/client')),
  about('we reset after each', zoo.patient, ruled(4, { requestsPerConnection: 1, closeBy: 'reset' }), oneEach(4, 'policy', 'policy/client')),
  meeting(zoo.patientTls, sequence(4), { ...kept(4), tls: [1, 0, 0] }),
  about(
    'a connection each, without a session',
    zoo.patientTls,
    ruled(4, { requestsPerConnection: 1 }),
    { ...oneEach(4, 'policy', 'policy/client'), tls: [4, 0, 0] },
  ),
  about(
    'a connection each, with the session of the one before',
    zoo.patientTls,
    ruled(4, { requestsPerConnection: 1, tlsSession: 'kept' }),
    { ...oneEach(4, 'policy', 'policy/client'), tls: [1, 3, 0] },
  ),
  meeting(zoo.idleClose, resting(3), oneEach(3, 'server-idle-close')),
  meeting(zoo.idleTlsClose, resting(3), { ...oneEach(3, 'server-idle-close'), tls: [3, 0, 0] }),
  meeting(
    zoo.idleNotice,
    resting(3),
    oneEach(3, 'server-idle-close'),
    { why: 'undici does not tell a 408 from other bytes on an idle connection', ...oneEach(3, 'protocol-error') },
  ),
  meeting(zoo.idleReset, resting(3), oneEach(3, 'idle-reset')),
  meeting(
    zoo.hint,
    { exchanges: 3, pauseMs: 30, goneAfter: 2 },
    { completed: 3, openedBecause: { initial: 1, 'server-idle-close': 1 }, closedBy: { 'server-idle-close': 1, 'round-end': 1 } },
  ),
  meeting(zoo.chattyWhenIdle, resting(3), oneEach(3, 'protocol-error')),
  meeting(zoo.idleLineEnds, { exchanges: 3, pauseMs: 60 }, kept(3)),
];

const announcing: readonly Meeting[] = [
  meeting(zoo.alwaysCloses, sequence(4), oneEach(4, 'server-announced-close/always'), clientFirst(4, 'server-announced-close/always')),
  meeting(zoo.closesAfter3, sequence(6), groups(6, 2, 'server-announced-close/close-token'), clientFirst(2, 'server-announced-close/close-token')),
  meeting(zoo.closesAfter3Silently, { exchanges: 6, goneAfter: 3 }, groups(6, 2, 'server-idle-close')),
  meeting(zoo.closeAmongTokens, sequence(3), oneEach(3, 'server-announced-close/always'), clientFirst(3, 'server-announced-close/always')),
  meeting(
    zoo.announcesAndStays,
    { exchanges: 4, timeouts: { closeNs: 30e6 } },
    groups(4, 2, 'server-announced-close/close-token', 'server-announced-close/never-closed'),
    clientFirst(2, 'server-announced-close/close-token'),
  ),
  meeting(
    zoo.closesOn400,
    sequence(6),
    { ...groups(6, 2, 'server-announced-close/close-token'), completed: 4, failures: { status: 2 } },
    clientFirst(2, 'server-announced-close/close-token'),
  ),
  meeting(zoo.http10, sequence(3), oneEach(3, 'server-announced-close/http10'), clientFirst(3, 'server-announced-close/http10')),
  meeting(zoo.http10Kept, sequence(4), kept(4)),
  meeting(zoo.untilEof, sequence(3), oneEach(3, 'server-announced-close/eof-delimited')),
];

const flight: readonly Meeting[] = [
  meeting(zoo.resetsAtFirst, sequence(3), failing(3, 'reset', 'peer-abort')),
  meeting(zoo.resetsAgain, sequence(4), { ...groups(4, 2, 'stale-reuse'), completed: 2, failures: { stale: 2 } }),
  meeting(zoo.endsAtFirst, sequence(3), failing(3, 'closed', 'peer-abort')),
  meeting(zoo.endsAgain, sequence(4), { ...groups(4, 2, 'stale-reuse'), completed: 2, failures: { stale: 2 } }),
  meeting(zoo.halfThenFin, sequence(3), failing(3, 'closed', 'peer-abort')),
  meeting(zoo.announcedHalfThenFin, sequence(3), failing(3, 'closed', 'peer-abort')),
  meeting(zoo.halfHeadThenFin, sequence(4), { ...groups(4, 2, 'peer-abort'), completed: 2, failures: { closed: 2 } }),
  meeting(zoo.halfChunkedThenFin, sequence(3), failing(3, 'closed', 'peer-abort')),
  meeting(zoo.halfThenReset, sequence(3), failing(3, 'reset', 'peer-abort')),
  meeting(zoo.unboundedThenReset, sequence(3), failing(3, 'reset', 'peer-abort'), {
    why: 'undici takes a reset for the end of a body that has no length',
    failures: {},
    ...oneEach(3, 'server-announced-close/eof-delimited'),
  }),
];

const doorstep: readonly Meeting[] = [
  meeting(zoo.refuses, sequence(3), { ...failing(3, 'refused', 'connect-failed/refused'), closedBy: {} }),
  meeting(zoo.endsAtOnce, sequence(3), { ...failing(3, 'closed', 'peer-abort'), served: 0 }),
  meeting(zoo.neverAnswers, impatient(2, 'responseNs'), failing(2, 'response-timeout', 'local-timeout')),
  meeting(zoo.stopsInTheMiddle, impatient(2, 'responseNs'), failing(2, 'response-timeout', 'local-timeout')),
  meeting(zoo.slowDrip, sequence(3), kept(3)),
];

const framing: readonly Meeting[] = [
  meeting(zoo.trailers, sequence(3), kept(3)),
  meeting(zoo.continues, sequence(3), kept(3), { why: 'undici refuses a 100 that it did not ask for', ...failing(3, 'protocol', 'protocol-error') }),
  meeting(zoo.earlyHints, sequence(3), kept(3)),
  meeting(zoo.noContent, sequence(3), kept(3)),
  meeting(
    zoo.notModified,
    sequence(3),
    kept(3),
    { why: 'undici waits for the body that the length of a 304 speaks of', ...failing(3, 'protocol', 'protocol-error') },
  ),
  meeting(zoo.headWithLength, head(3), kept(3)),
  meeting(zoo.headWithoutLength, head(3), kept(3), {
    why: 'undici takes an answer to HEAD without a length for one that ends with the connection',
    ...oneEach(3, 'server-announced-close/eof-delimited', 'server-announced-close/eof-delimited/client-first'),
  }),
  meeting(zoo.lineEndBehind, sequence(3), kept(3)),
];

const nonsense: readonly Meeting[] = [
  meeting(zoo.garbage, sequence(3), failing(3, 'protocol', 'protocol-error')),
  meeting(zoo.twoLengths, sequence(3), failing(3, 'protocol', 'protocol-error')),
  meeting(zoo.badLength, sequence(3), failing(3, 'protocol', 'protocol-error')),
  meeting(zoo.hugeHead, sequence(3), failing(3, 'protocol', 'protocol-error')),
  meeting(zoo.surplus, sequence(3), oneEach(3, 'protocol-error')),
  meeting(
    zoo.switches,
    sequence(3),
    failing(3, 'upgrade', 'upgrade'),
    { why: 'undici refuses a switch that it did not ask for', ...failing(3, 'protocol', 'protocol-error') },
  ),
  meeting(zoo.answersEarly, upload(2, 16e6), { ...oneEach(2, 'early-response'), completed: 0, failures: { status: 2 } }, {
    why: 'undici counts a buffer as sent once the socket has it, and uses the connection again behind the rest of the body',
    ...kept(0),
  }),
  about('the body was out before the answer', zoo.answersEarly, upload(2, 1000), { ...kept(0), failures: { status: 2 } }),
];

const tls: readonly Meeting[] = [
  meeting(zoo.neverShakes, impatient(2, 'connectNs'), unsecured(2, 'connect-timeout')),
  meeting(zoo.closesInHandshake, sequence(3), unsecured(3, 'tls-closed')),
  meeting(zoo.resetsInHandshake, sequence(3), unsecured(3, 'tls-closed')),
  meeting(zoo.alerts, sequence(3), unsecured(3, 'tls-protocol')),
  meeting(zoo.plainOnHttps, sequence(3), unsecured(3, 'tls-protocol')),
  meeting(zoo.expiredCertificate, sequence(3), unsecured(3, 'tls-certificate')),
  meeting(zoo.wrongNameCertificate, sequence(3), unsecured(3, 'tls-certificate')),
  meeting(zoo.unknownAuthority, sequence(3), unsecured(3, 'tls-certificate')),
  meeting(zoo.ticketless, ruled(3, { requestsPerConnection: 1, tlsSession: 'kept' }), { ...oneEach(3, 'policy', 'policy/client'), tls: [3, 0, 0] }),
  meeting(zoo.ticketless13, ruled(3, { requestsPerConnection: 1, tlsSession: 'kept' }), { ...oneEach(3, 'policy', 'policy/client'), tls: [3, 0, 0] }),
];

export const MEETINGS: readonly Meeting[] = [...patience, ...announcing, ...flight, ...doorstep, ...framing, ...nonsense, ...tls];
