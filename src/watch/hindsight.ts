/** Openings that only later events explain: ends on other sockets reach us in any order, and a client may open the next connection before it closes the last. */
import type { Ns } from '../define.js';
import { NS_PER_S } from '../units.js';
import { AT_ONCE_NS, causeOfEnd, type Cause, type CauseKind } from './cause.js';
import type { WatchedConnection } from './connection.js';

/** Told what an opening's cause was after all, with the connection that shows it. */
export type OnSettled = (opened: WatchedConnection, kind: CauseKind, example: WatchedConnection) => void;

export class Hindsight {
  /** A connection was idle: will it be used again, or was it given up? */
  readonly #idle: { readonly idle: WatchedConnection; readonly requests: number; readonly unread: boolean; readonly opened: WatchedConnection }[] = [];
  /** Answers were under way: was the client about to give one up? */
  readonly #busy: { readonly inFlight: readonly InFlight[]; readonly opened: WatchedConnection }[] = [];

  /** @param ended the client's ends that have explained no opening yet */
  constructor(private readonly ended: WatchedConnection[]) {}

  /** Keeps an opening in mind whose cause may turn out to be another. */
  doubt({ kind, predecessor, carriedThen = 0, inFlight = [] }: Cause, opened: WatchedConnection): void {
    if (kind === 'idle-there' || kind === 'unread-there') {
      this.#idle.push({ idle: predecessor!, requests: carriedThen, unread: kind === 'unread-there', opened });
      if (this.#idle.length > MOST_DOUBTS) this.#idle.shift();
    } else if (inFlight.length > 0) {
      this.#busy.push({ inFlight: inFlight.map((connection) => ({ connection, requests: connection.requests })), opened });
      if (this.#busy.length > MOST_DOUBTS) this.#busy.shift();
    }
  }

  /** Whether the end of an idle connection is to explain an opening that came just before it. */
  claims(connection: WatchedConnection): boolean {
    return this.#idle.some(({ idle, requests, opened }) => idle === connection && idle.requests === requests && endedSoonAfter(idle, opened));
  }

  reconsider(nowNs: Ns, over: boolean, settled: OnSettled): void {
    keep(this.#idle, ({ idle, requests, unread, opened }) => {
      const usedAgain = idle.requests > requests || (unread && idle.end === null && idle.unreadBytes() === 0); // or read to its end, after all: it was in use
      if (!usedAgain && !over && !hasSettled(idle, nowNs)) return true;
      if (usedAgain) settled(opened, unread ? 'all-busy' : nowNs - opened.openedNs < SOON_NS ? 'used-soon' : 'used-in-turn', idle);
      else settled(opened, this.#takeEnd(opened, idle) ?? (unread ? 'left-unread' : 'idle-not-used'), idle);
      return false;
    });
    keep(this.#busy, ({ inFlight, opened }) => {
      for (const { connection, requests } of inFlight) {
        if (connection.requests > requests || !(over || hasSettled(connection, nowNs))) continue;
        const kind = tunnelEndedLate(connection, opened) ? this.#takeTunnel(connection) : givenUpLate(connection, opened);
        if (kind === null) continue;
        settled(opened, kind, connection);
        return false;
      }
      return !over && opened.openedNs + SOON_NS > nowNs - SETTLED_NS;
    });
  }

  #takeTunnel(tunnel: WatchedConnection): CauseKind | null {
    const place = this.ended.indexOf(tunnel);
    if (place < 0) return null;
    this.ended.splice(place, 1);
    return 'tunnel-closed';
  }

  /** At the exit of a process all go: that tells nothing. */
  #takeEnd(opened: WatchedConnection, idle: WatchedConnection): CauseKind | null {
    const place = this.ended.indexOf(idle);
    if (place < 0 || !endedSoonAfter(idle, opened)) return null;
    this.ended.splice(place, 1);
    return causeOfEnd(idle, opened);
  }
}

interface InFlight {
  readonly connection: WatchedConnection;
  readonly requests: number;
}

/**
 * How the client gave up an answer that was under way when it opened the next connection. Such an end may explain a later opening as well: which of the two is left to
 * the whole of what the client did.
 */
function givenUpLate(given: WatchedConnection, opened: WatchedConnection): CauseKind | null {
  const { end } = given;
  if (end === null || end.by !== 'client' || end.atNs > opened.openedNs + SOON_NS) return null;
  switch (causeOfEnd(given, opened)) {
    case 'unread-answer': // at the exit of a process all go; but one that had stopped reading was done before
      return end.together && given.progressNs > opened.openedNs + AT_ONCE_NS ? null : 'unread-late';
    case 'client-abort':
      return end.together || end.atNs > opened.openedNs + AT_ONCE_NS ? null : 'abort-late';
    default:
      return null;
  }
}

/** A tunnel's client knows of its end before we do, whichever side began it. */
function tunnelEndedLate(tunnel: WatchedConnection, opened: WatchedConnection): boolean {
  const { end } = tunnel;
  return end !== null && !end.together && end.atNs <= opened.openedNs + AT_ONCE_NS && causeOfEnd(tunnel, opened) === 'tunnel-closed';
}

const endedSoonAfter = ({ end }: WatchedConnection, { openedNs }: WatchedConnection): boolean => end?.by === 'client' && !end.together && end.atNs <= openedNs + SOON_NS;

const hasSettled = ({ end }: WatchedConnection, nowNs: Ns): boolean => end !== null && end.atNs < nowNs - SETTLED_NS;

/** Keeps those of a list that a test is true of, in place. */
function keep<T>(list: T[], stays: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(stays));
}

const MOST_DOUBTS = 1024;
/** By then the other ends of the same moment have come. */
const SETTLED_NS = 2 * AT_ONCE_NS;
/** A connection that is used again within this was in use: a worker of its own works in between. */
const SOON_NS = NS_PER_S;
