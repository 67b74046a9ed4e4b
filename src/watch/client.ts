import type { Ns } from '../define.js';
import { NS_PER_S } from '../units.js';
import { AT_ONCE_NS, causeOfEnd, type Cause, type CauseKind } from './cause.js';
import type { WatchedConnection } from './connection.js';

/** One client: everything from one address under one name (`User-Agent`). Several processes that share both count as one. */
export class WatchedClient {
  readonly open = new Set<WatchedConnection>();
  /** The idle ones, those longest idle first. */
  readonly idle = new Set<WatchedConnection>();
  connections = 0;
  requests = 0;
  /** Requests on a connection that had carried one before. */
  reuses = 0;
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
  readonly #doubts: { readonly idle: WatchedConnection; readonly requests: number; readonly opened: WatchedConnection }[] = [];
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
  explained({ kind, predecessor, carriedThen = 0 }: Cause, opened: WatchedConnection): void {
    opened.cause = kind;
    this.#count(kind, 1, predecessor ?? opened);
    if (kind !== 'idle-there') return;
    this.#doubts.push({ idle: predecessor!, requests: carriedThen, opened });
    if (this.#doubts.length > MOST_DOUBTS) this.#doubts.shift();
  }

  /**
   * Looks once more at connections that were idle when another was opened.
   * @param over nothing more will come
   */
  reconsider(nowNs: Ns, over: boolean): void {
    const open = this.#doubts.filter(({ idle, requests, opened }) => {
      const usedAgain = idle.requests > requests;
      const settled = idle.end !== null && idle.end.atNs < nowNs - SETTLED_NS;
      if (!usedAgain && !settled && !over) return true;
      this.#count('idle-there', -1, idle);
      opened.cause = usedAgain ? (nowNs - opened.openedNs < SOON_NS ? 'used-soon' : 'used-in-turn') : (this.#endAfter(opened, idle) ?? 'idle-not-used');
      this.#count(opened.cause, 1, idle);
      return false;
    });
    this.#doubts.splice(0, this.#doubts.length, ...open);
  }

  /** Whether the end of a connection is to explain an opening that came just before it. */
  claims(connection: WatchedConnection): boolean {
    return this.#doubts.some(({ idle, requests, opened }) => idle === connection && idle.requests === requests && endedAfter(idle, opened));
  }

  /** A client may open the next connection a little before it closes the one it gives up. At the exit of a process all go: that tells nothing. */
  #endAfter(opened: WatchedConnection, idle: WatchedConnection): CauseKind | null {
    const place = this.ended.indexOf(idle);
    if (place < 0 || !endedAfter(idle, opened)) return null;
    this.ended.splice(place, 1);
    return causeOfEnd(idle, opened);
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
    this.#overflowed = true;
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
    this.ended.push(ended);
    while (this.ended.length > most) this.ended.shift();
    if (alone && this.open.size === 0 && ended.end!.by === 'client') this.#closedTogether(ended.end!.atNs);
  }

  /** Marks the ends that came with the last one, as those of a process that exits do. */
  #closedTogether(atNs: Ns): void {
    let openedNs = 0;
    const others = this.ended.findLastIndex(({ end, openedNs: itsNs }) => {
      if (end!.by !== 'client' || end!.atNs < Math.max(openedNs, atNs - AT_ONCE_NS)) return true; // or it was over when another of them was opened
      openedNs = Math.max(openedNs, itsNs);
      return false;
    });
    const group = this.ended.slice(others + 1);
    if (group.length > 1) for (const { end } of group) end!.together = true;
  }
}

const endedAfter = ({ end }: WatchedConnection, { openedNs }: WatchedConnection): boolean => end?.by === 'client' && !end.together && end.atNs <= openedNs + SOON_NS;

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

const MOST_DOUBTS = 1024;
/** By then the other ends of the same moment have come. */
const SETTLED_NS = 2 * AT_ONCE_NS;
/** A connection that is used again within this was in use: a worker of its own works in between. */
const SOON_NS = NS_PER_S;
const MOST_VALUES = 256;
/** Coprime with the size, so that every place is reached. */
const STRIDE = 101;
