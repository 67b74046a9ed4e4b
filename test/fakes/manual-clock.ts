import type { Ns } from '../../src/define.js';
import type { Schedule } from '../../src/engine/drive.js';
import type { Clock } from '../../src/measure/clock.js';

/** Time that moves only when a test says so, and the waiting that goes with it. */
export class ManualClock implements Clock, Schedule {
  #nowNs = 0;
  readonly #waiting: { atNs: Ns; run: () => void }[] = [];
  /** What one turn of the loop costs. */
  turnNs = 1000;

  nowNs(): Ns {
    return this.#nowNs;
  }

  later(run: () => void, ms: number): void {
    this.#waiting.push({ atNs: this.#nowNs + ms * 1e6, run });
  }

  soon(run: () => void): void {
    this.#waiting.push({ atNs: this.#nowNs + this.turnNs, run });
  }

  hold(_clock: Clock, untilNs: Ns): void {
    this.#nowNs = Math.max(this.#nowNs, untilNs);
  }

  /** Something holds the loop: time passes, and nobody is called. */
  stall(ns: Ns): void {
    this.#nowNs += ns;
  }

  /** Calls everything that is due up to this instant, in order. */
  runUntil(untilNs: Ns): void {
    for (;;) {
      const next = this.#waiting.reduce<{ atNs: Ns; run: () => void } | null>((first, other) => (first === null || other.atNs < first.atNs ? other : first), null);
      if (next === null || next.atNs > untilNs) break;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#nowNs = Math.max(this.#nowNs, next.atNs);
      next.run();
    }
    this.#nowNs = Math.max(this.#nowNs, untilNs);
  }
}
