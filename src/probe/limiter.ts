import { setTimeout as pause } from 'node:timers/promises';
import type { Ns, PerSecond } from '../define.js';
import type { Clock } from '../measure/clock.js';
import { NS_PER_MS, NS_PER_S } from '../units.js';

export interface Limits {
  /** Most connections open at one instant. */
  readonly connections: number;
  readonly requestsPerSecond: PerSecond;
}

/** What keeps a probe polite: every connection and every request of it asks here first, and waits in turn. */
export class Limiter {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #nextNs: Ns = 0;
  /** Opened and sent so far. */
  readonly sent = { connections: 0, requests: 0 };

  constructor(
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {
    this.#free = limits.connections;
  }

  /** Waits for a place. @returns gives it back when the connection is gone; more than once does nothing */
  async connection(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((go) => this.#waiting.push(go));
    this.sent.connections++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      setTimeout(() => this.#next(), FAREWELL_MS);
    };
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }

  /** Waits until so many requests may leave together. They are spaced, never saved up: a pause earns no burst. */
  async requests(count: number): Promise<void> {
    const spacingNs = NS_PER_S / this.limits.requestsPerSecond;
    const startNs = Math.max(this.clock.nowNs(), this.#nextNs + (count - 1) * spacingNs); // several together are paid for before they leave
    this.#nextNs = startNs + spacingNs;
    // A timer may fire up to a millisecond early, so the clock is asked until it is time.
    for (let leftNs = startNs - this.clock.nowNs(); leftNs > 0; leftNs = startNs - this.clock.nowNs()) await pause(Math.ceil(leftNs / NS_PER_MS));
    this.sent.requests += count;
  }
}

/** The other end is given this time to see the last connection go before the next one comes: it may count them too. */
const FAREWELL_MS = 50;
