/** Why a client opened a connection, as far as the moment tells: what was free, what was busy, and how the connection before it had ended. */
import { NS_PER_MS } from '../units.js';
import type { WatchedConnection } from './connection.js';

/**
 * `all-busy`, `all-answering`: every other connection had a request under way; with the second, every answer had begun, so that the client may have been done with it.
 * `unread-late`, `abort-late`: so it was, and it gave one of them up right after.
 * `idle-there`: a connection was idle, and may have come free too late for this request. What became of it tells: it was used again soon (a worker of its own uses
 * it), used again after a long pause, or never.
 * `unread-there`: so it was, but the answer on it had not been read; `left-unread`: nor was it ever.
 */
export type CauseKind =
  | 'first'
  | 'all-busy'
  | 'all-answering'
  | 'unread-late'
  | 'abort-late'
  | 'idle-there'
  | 'unread-there'
  | 'left-unread'
  | 'another-pool'
  | 'used-soon'
  | 'used-in-turn'
  | 'idle-not-used'
  | 'not-reading'
  | EndCause;

/** Causes that lie in the end of an earlier connection. */
export type EndCause =
  | 'client-said-close'
  | 'server-said-close'
  | 'server-closed-idle'
  | 'server-closed-in-flight'
  | 'retried'
  | 'client-closed-at-once'
  | 'client-closed-soon'
  | 'short-hint'
  | 'client-closed-idle'
  | 'all-closed-together'
  | 'tunnel-closed'
  | 'unread-answer'
  | 'client-abort'
  | 'around-continue'
  | 'early-answer'
  | 'upgraded'
  | 'vanished';

export interface Cause {
  readonly kind: CauseKind;
  /** The connection whose end, or whose state, explains it. */
  readonly predecessor: WatchedConnection | null;
  /** Requests that the predecessor had carried when this connection was opened. */
  readonly carriedThen?: number;
  /** Connections whose answers had begun then: the client may have been about to give one up. */
  readonly inFlight?: readonly WatchedConnection[];
  /** No other connection had a request under way. */
  readonly alone?: boolean;
}

/**
 * The cause of an opening, to be asked some time after it: what ended in the same moment counts as having ended before. Takes the end that explains it from the
 * client's list, so that each end explains one opening.
 */
export function causeOf(opened: WatchedConnection): Cause {
  const client = opened.client!;
  if (client.firstOpened === opened) return { kind: 'first', predecessor: null };
  const predecessor = takeEnded(opened);
  if (predecessor !== null) return { kind: causeOfEnd(predecessor, opened), predecessor, alone: inFlightAt(opened, predecessor).length === 0 };

  // A client that opened several before its first request was not known by then: none of its connections was free.
  const standing = opened.amid.find((before) => before.client === client);
  const idle = (standing?.idle ?? []).filter(({ connection }) => connection.overMoment > lastMoment(opened));
  const samePool = idle.find(({ connection: { key } }) => key === opened.key);
  if (samePool !== undefined) {
    const { connection, requests, unread } = samePool;
    connection.leftBytes = Math.max(connection.leftBytes, unread);
    return { kind: unread > 0 ? 'unread-there' : 'idle-there', predecessor: connection, carriedThen: requests };
  }
  if (idle.length > 0) return { kind: 'another-pool', predecessor: idle[0]!.connection };
  const stuck = notReading(opened);
  if (stuck !== null) return { kind: 'not-reading', predecessor: stuck };
  const inFlight = inFlightAt(opened);
  const waiting = inFlight.length === 0 || inFlight.some((other) => other.at(opened.openedNs) === 'waiting');
  return { kind: waiting ? 'all-busy' : 'all-answering', predecessor: null, inFlight: inFlight.slice(-MOST_GIVEN_UP) };
}

/** The client's other connections that had a request under way when this one was opened: what became of them tells whether one more was needed. */
function inFlightAt(opened: WatchedConnection, besides: WatchedConnection | null = null): WatchedConnection[] {
  const { open, ended } = opened.client!;
  const found: WatchedConnection[] = [];
  const look = (other: WatchedConnection): void => {
    if (other !== opened && other !== besides && other.openedNs < opened.openedNs && other.at(opened.openedNs) !== 'free') found.push(other);
  };
  for (let i = ended.length - 1; i >= Math.max(0, ended.length - MOST_LOOKED_AT) && (ended[i]!.end?.atNs ?? Infinity) > opened.openedNs; i--) look(ended[i]!);
  let looked = 0;
  for (const other of open) {
    if (++looked > MOST_LOOKED_AT) break;
    look(other);
  }
  return found.sort((a, b) => a.openedNs - b.openedNs);
}

/** The newest end that came before the opening. Ends of unused connections explain nothing and are not in the list. */
function takeEnded(opened: WatchedConnection): WatchedConnection | null {
  const { ended } = opened.client!;
  for (let i = ended.length - 1; i >= 0; i--) {
    const candidate = ended[i]!;
    if (candidate.overMoment > lastMoment(opened) || candidate === opened) continue;
    if (candidate.key !== opened.key || opened.client!.claims(candidate)) continue;
    ended.splice(i, 1);
    return candidate;
  }
  return null;
}

/** What comes up to here counts as before the opening: its SYN may have been read first. */
const lastMoment = (opened: WatchedConnection): number => opened.openedMoment + 1;

/** A connection on which the client has left our answer lying since before it opened the next one. */
function notReading(opened: WatchedConnection): WatchedConnection | null {
  let looked = 0;
  for (const other of opened.client!.open) {
    if (++looked > MOST_LOOKED_AT) return null;
    if (other !== opened && other.openedNs < opened.openedNs && other.phase === 'answering' && other.progressNs < opened.openedNs && other.unsentBytes() > 0) return other;
  }
  return null;
}

/** What the end of a connection says about the next one. */
export function causeOfEnd(ended: WatchedConnection, next: WatchedConnection | null): EndCause {
  const { end, last } = ended;
  if (end === null) {
    if (ended.doneMoment < 0) throw new Error('the connection has not ended');
    return causeOfClose(ended);
  }
  if (end.phase === 'upgraded') return last?.method === 'CONNECT' ? 'tunnel-closed' : 'upgraded';
  if (end.signal === 'timeout') return 'vanished';
  const inFlight = end.phase === 'reading' || end.phase === 'answering';
  if (end.by === 'server') {
    if (ended.announced !== '' || ended.doneMoment >= 0) return causeOfClose(ended);
    if (inFlight) return next !== null && repeats(ended, next) ? 'retried' : 'server-closed-in-flight';
    return 'server-closed-idle';
  }
  if (ended.early) return 'early-answer';
  if (ended.interim && inFlight) return 'around-continue';
  if (inFlight) return ended.answerBytes > 0 ? 'unread-answer' : 'client-abort';
  // A close with bytes unread makes the kernel send a reset instead of a FIN; later on, a reset means something else.
  if (end.signal === 'reset' && ended.answered > 0 && end.idleNs <= AT_ONCE_RESET_NS) return 'unread-answer';
  if (last !== null && !ended.kept) return causeOfClose(ended);
  if (end.together) return 'all-closed-together';
  if (end.idleNs > SHORTEST_IDLE_TIMEOUT_NS) return 'client-closed-idle';
  if (end.idleNs > AT_ONCE_NS) return 'client-closed-soon';
  return ended.hintSeconds >= 0 && ended.hintSeconds <= SHORT_HINT_SECONDS ? 'short-hint' : 'client-closed-at-once';
}

/** The client's word stands first: a server that answers `close` to a `close` only agrees. */
function causeOfClose({ last, announced }: WatchedConnection): EndCause {
  const clientSaid = last !== null && (last.saysClose || (last.minor === 0 && !last.saysKeepAlive));
  return clientSaid || announced === '' ? 'client-said-close' : 'server-said-close';
}

function repeats(ended: WatchedConnection, next: WatchedConnection): boolean {
  return ended.requests > 1 && ended.last !== null && next.first !== null && ended.last.method === next.first.method && ended.last.target === next.first.target && next.openedNs - ended.end!.atNs < RETRY_NS;
}

/** A client that closes this soon after an answer did not wait for anything. */
export const AT_ONCE_NS = 50 * NS_PER_MS;
/** One that closes later than this did wait. In between, it may have waited, or its machine was busy: see {@link judgeCause}. */
export const SHORTEST_IDLE_TIMEOUT_NS = 1000 * NS_PER_MS;
/** The largest margin that a known client subtracts from a hint. */
export const SHORT_HINT_SECONDS = 2;
const AT_ONCE_RESET_NS = 1000 * NS_PER_MS;
const RETRY_NS = 1000 * NS_PER_MS;
const MOST_LOOKED_AT = 256;
const MOST_GIVEN_UP = 4;
