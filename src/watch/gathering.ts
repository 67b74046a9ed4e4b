/** The part of the exam that takes several requests at one time: each is held back until no more come, and then all are answered together. */
import { NS_PER_S } from '../units.js';
import type { WatchedConnection } from './connection.js';

/** What a client did with several requests at one time. */
export interface Gathered {
  /** Most requests that were under way at one time: its concurrency, or its limit of connections. 1 when it sends one after another, 0 when it was not tried. */
  readonly atOnce: number;
  /** Connections that the next requests could have used again, and those that they did use. */
  readonly asked: number;
  readonly passed: number;
}

export class Gathering {
  /** The connections of requests that were under way at one time. */
  readonly #rounds: (readonly WatchedConnection[])[] = [];
  #held: { readonly connection: WatchedConnection; readonly release: () => void }[] = [];
  #untilNs = Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** Whether another request would still be held back: a client that goes on one by one is not kept waiting for ever. */
  get wantsMore(): boolean {
    const several = this.#rounds.filter(({ length }) => length > 1).length;
    return several < MOST_ROUNDS && this.#rounds.length - several < MOST_ALONE;
  }

  /** Holds a request back. @param release answers it */
  hold(connection: WatchedConnection, release: () => void): void {
    if (this.#held.length === 0) this.#untilNs = connection.beganNs + LONGEST_HOLD_NS;
    this.#held.push({ connection, release });
    clearTimeout(this.#timer);
    if (this.#held.length === MOST_HELD || connection.beganNs >= this.#untilNs) this.#release();
    else this.#timer = setTimeout(() => this.#release(), PAUSE_MS);
  }

  gathered(): Gathered {
    let [asked, passed] = [0, 0];
    for (const [place, round] of this.#rounds.entries()) {
      const next = this.#rounds[place + 1] ?? [];
      if (round.length < 2) continue;
      asked += Math.min(round.length, next.length);
      passed += next.filter((connection) => round.includes(connection)).length;
    }
    return { atOnce: Math.max(0, ...this.#rounds.map(({ length }) => length)), asked, passed };
  }

  #release(): void {
    clearTimeout(this.#timer);
    const held = this.#held.filter(({ connection }) => connection.end === null);
    this.#held = [];
    if (held.length > 0) this.#rounds.push(held.map(({ connection }) => connection));
    for (const { release } of held) release();
  }
}

/** A client that has more to send sends it within this. */
const PAUSE_MS = 300;
/** One that never pauses is answered after this. */
const LONGEST_HOLD_NS = 2 * NS_PER_S;
const MOST_HELD = 256;
const MOST_ROUNDS = 6;
const MOST_ALONE = 8;
