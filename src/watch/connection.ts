import type { Ns } from '../define.js';
import type { CauseKind } from './cause.js';
import type { WatchedClient } from './client.js';
import { lives, type RequestHead } from './head.js';
import type { Standing } from './standing.js';

/** What was seen of one connection of a watched client. Facts only: what they mean is said elsewhere. */
export class WatchedConnection {
  /** Known from the first request on, which names it. */
  client: WatchedClient | null = null;
  /** How the clients at this address stood when this connection was opened. */
  amid: readonly Standing[] = [];
  phase: Phase = 'unused';
  handshake: Handshake = 'none';
  hello: Hello | null = null;
  /** Whether the server took the session that the hello offered; null while nobody knows. */
  resumed: boolean | null = null;
  /** Since when nothing was under way. */
  idleSinceNs: Ns;
  /** When the last request began, and when its answer began and ended. */
  beganNs: Ns = Infinity;
  answerBeganNs: Ns = Infinity;
  answeredNs: Ns = Infinity;
  /** Requests whose head was read. */
  requests = 0;
  /** Requests that were answered to the last byte. */
  answered = 0;
  first: RequestHead | null = null;
  last: RequestHead | null = null;
  status = 0;
  /** How the last answer announced the end of this connection, as we sent it or as the target did. */
  announced: Announcement = '';
  /** Seconds of the last `Keep-Alive: timeout` that the client was given, or -1. */
  hintSeconds = -1;
  /** Bytes of the last answer so far, and of its whole body as announced; -1 when it was not. */
  answerBytes = 0;
  bodyBytes = -1;
  /** Bytes of it that lay unread in the client’s socket when it opened another connection. */
  leftBytes = 0;
  /** The last answer was whole before the request's body was. */
  early = false;
  /** A `100 Continue` was sent. */
  interim = false;
  /** When the client last took bytes of an answer, or sent some itself; earlier when it sends a body too slowly. */
  progressNs: Ns;
  /** Bytes of the last request's body. */
  bodySent = 0;
  /** The moment of an answer after which it can carry no other, by either side's word; -1 for none. Its end may come much later, or never. */
  doneMoment = -1;
  end: ConnectionEnd | null = null;
  /** Why it was opened, once that is known. */
  cause: CauseKind | null = null;

  constructor(
    readonly id: number,
    readonly address: string,
    readonly openedNs: Ns,
    /** Events of one moment reach us in any order: see {@link Observer.moment}. */
    readonly openedMoment: number,
    /** Bytes of answers that the client has not taken from us yet. */
    readonly unsentBytes: () => number,
    /** Bytes of answers that the client’s program has left in its socket; null when nobody knows. */
    readonly unreadBytes: () => number | null = () => null,
  ) {
    this.idleSinceNs = this.progressNs = openedNs;
  }

  /** Both sides let it live after the last answer. */
  get kept(): boolean {
    return this.announced === '' && this.last !== null && lives(this.last);
  }

  /** The moment from which on it carries nothing more; Infinity while it may. */
  get overMoment(): number {
    return this.doneMoment >= 0 ? this.doneMoment : (this.end?.moment ?? Infinity);
  }

  /** What it was doing at an instant that has just passed: its last request is that of then, or the one after. */
  at(instantNs: Ns): 'free' | 'waiting' | 'answering' {
    if (this.beganNs > instantNs) return this.requests > 1 && this.idleSinceNs > instantNs ? 'waiting' : 'free';
    if (Math.min(this.answeredNs, this.end?.atNs ?? Infinity) <= instantNs) return 'free';
    return this.answerBeganNs <= instantNs ? 'answering' : 'waiting';
  }

  /** Whose pool it belongs to: a client keeps connections apart by scheme, name and port. */
  get key(): string {
    return `${this.first?.host ?? ''} ${this.hello?.servername ?? ''}`;
  }
}

/** What a connection is doing, seen from the server. */
export type Phase = 'handshake' | 'unused' | 'reading' | 'answering' | 'idle' | 'upgraded';

/** `tunnelled`: TLS between the client and somebody else, which we only carry. */
export type Handshake = 'none' | 'under-way' | 'full' | 'resumed' | 'failed' | 'tunnelled';

export type Announcement = '' | 'close-token' | 'http10' | 'eof-delimited';

/** What a TLS hello offers, read without taking part in the handshake. */
export interface Hello {
  readonly servername: string;
  readonly protocols: readonly string[];
  readonly offersResumption: boolean;
}

/** More than a client's buffered reader takes: its socket may hold the rest of an answer. */
export const SOCKET_BYTES = 65_536;

export interface ConnectionEnd {
  readonly atNs: Ns;
  readonly moment: number;
  readonly by: 'client' | 'server';
  readonly signal: 'fin' | 'reset' | 'timeout';
  readonly phase: Phase;
  /** Time without anything under way before the end; 0 unless it was idle or unused. */
  readonly idleNs: Ns;
  /** Bytes that we had still to send. */
  readonly unsentBytes: number;
  /** The client closed several at that time, and had none left. */
  together: boolean;
}
