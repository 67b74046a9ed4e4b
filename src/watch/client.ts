import type { Ns } from '../define.js';
import { AT_ONCE_NS, SHORTEST_IDLE_TIMEOUT_NS, SHORT_HINT_SECONDS, type Cause, type CauseKind } from './cause.js';
import type { WatchedConnection } from './connection.js';
import { Hindsight } from './hindsight.js';

/** One client: everything from one address under one name (`User-Agent`). Several processes that share both count as one. */
export class WatchedClient {
  readonly open = new Set<WatchedConnection>();
  /** The idle ones, those longest idle first. */
  readonly idle = new Set<WatchedConnection>();
  connections = 0;
  requests = 0;
  /** Requests on a connection that had carried one before. */
  reuses = 0;
  /** Connections that carried more than one. */
  usedAgain = 0;
  peakOpen = 0;
  /** Most requests on one connection. */
  mostCarried = 0;
  /** Most connections that were idle at one time, and stayed so. */
  survivors = 0;
  /** Idle connections at the instants when the client, with nothing under way, began anew after it had closed usable ones: what its pool holds when it is full. */
  readonly keptWhenFull = new Sampled();
  #overflowed = false;
  /** Connections that ended, and whose end has not explained an opening yet; the newest last. */
  readonly ended: WatchedConnection[] = [];
  readonly causes = new Map<CauseKind, CauseCount>();
  /** Openings after it gave up the one connection that it used: it sends one request after another. */
  gaveUpAlone = 0;
  readonly #hindsight = new Hindsight(this.ended);
  /** Idle times before the client closed a connection that it could have kept, ns. */
  readonly idleAtClose = new Sampled();
  /** Of these, the times of those that it did not close at once. */
  readonly waitedAtClose = new Sampled();
  /** Ages of connections that the client closed, ns. */
  readonly ageAtClose = new Sampled();
  /** Requests carried by connections that the client closed. */
  readonly carriedAtClose = new Sampled();

  constructor(
    readonly address: string,
    readonly userAgent: string,
    readonly firstOpened: WatchedConnection,
  ) {}

  /** Enters why a connection was opened. */
  explained(cause: Cause, opened: WatchedConnection): void {
    opened.cause = cause.kind;
    this.#count(cause.kind, 1, cause.predecessor ?? opened);
    if (cause.alone && (cause.kind === 'unread-answer' || cause.kind === 'client-abort')) this.gaveUpAlone++;
    this.#hindsight.doubt(cause, opened);
  }

  /**
   * Looks once more at openings that could not be explained when they were made.
   * @param over nothing more will come
   */
  reconsider(nowNs: Ns, over: boolean): void {
    this.#hindsight.reconsider(nowNs, over, (opened, kind, example) => {
      this.#count(opened.cause!, -1, example);
      opened.cause = kind;
      this.#count(kind, 1, example);
    });
  }

  /** Whether the end of a connection is to explain an opening that came just before it. */
  claims(connection: WatchedConnection): boolean {
    return this.#hindsight.claims(connection);
  }

  #count(kind: CauseKind, change: number, example: WatchedConnection): void {
    const known = this.causes.get(kind);
    if (known === undefined) this.causes.set(kind, { count: change, example });
    else known.count += change;
    if (known?.count === 0) this.causes.delete(kind);
  }

  /** A request is about to begin. */
  begins(): void {
    if (!this.#overflowed || this.idle.size === 0 || this.idle.size < this.open.size) return;
    this.#overflowed = false;
    this.keptWhenFull.add(this.idle.size);
  }

  /** A connection that could have lived was closed by the client. */
  closed(connection: WatchedConnection, atNs: Ns, idleNs: Ns): void {
    if (idleNs < SHORTEST_IDLE_TIMEOUT_NS && (connection.hintSeconds < 0 || connection.hintSeconds > SHORT_HINT_SECONDS)) this.#overflowed = true;
    this.idleAtClose.add(idleNs);
    if (idleNs > AT_ONCE_NS) this.waitedAtClose.add(idleNs);
    this.ageAtClose.add(atNs - connection.openedNs);
    this.carriedAtClose.add(connection.requests);
  }

  /**
   * @param most ends to remember: the oldest go first
   * @param alone no connection is open that may turn out to be this client’s
   */
  remember(ended: WatchedConnection, most: number, alone: boolean): void {
    if (ended.doneMoment < 0) this.#keep(ended, most);
    if (alone && this.open.size === 0 && ended.end!.by === 'client') this.#closedTogether(ended.end!.atNs);
  }

  /** An answer has ended what the connection was for, though it may still stand. */
  finished(done: WatchedConnection, most: number): void {
    this.idle.delete(done);
    this.#keep(done, most);
  }

  /** It carries a request nevertheless. */
  resumed(done: WatchedConnection): void {
    const place = this.ended.indexOf(done);
    if (place >= 0) this.ended.splice(place, 1);
  }

  #keep(ended: WatchedConnection, most: number): void {
    this.ended.push(ended);
    while (this.ended.length > most) this.ended.shift();
  }

  /** Marks the ends that came with the last one, as those of a process that exits do: each at once after the one before, however busy the machine. */
  #closedTogether(lastNs: Ns): void {
    let [openedNs, nextNs] = [0, lastNs];
    const others = this.ended.findLastIndex(({ end, openedNs: itsNs }) => {
      if (end?.by !== 'client' || end.atNs < Math.max(openedNs, nextNs - AT_ONCE_NS)) return true; // or it was over when another of them was opened
      openedNs = Math.max(openedNs, itsNs);
      nextNs = Math.min(nextNs, end.atNs);
      return false;
    });
    const group = this.ended.slice(others + 1);
    if (group.length > 1) for (const { end } of group) end!.together = true;
  }
}

/** How often a cause was met, with the first connection that shows it. */
export interface CauseCount {
  count: number;
  readonly example: WatchedConnection;
}

/** A few hundred values of many: the first ones, then each that replaces one at random places of a fixed cycle. Enough for a median and a spread. */
export class Sampled {
  readonly values: number[] = [];
  seen = 0;

  add(value: Ns): void {
    if (this.values.length < MOST_VALUES) this.values.push(value);
    else this.values[(this.seen * STRIDE) % MOST_VALUES] = value;
    this.seen++;
  }

  /** @param p 0 to 1; NaN without values */
  quantile(p: number): number {
    const sorted = [...this.values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN;
  }
}

const MOST_VALUES = 256;
/** Coprime with the size, so that every place is reached. */
const STRIDE = 101;
