/** The garbage collector's pauses of this thread, as V8 tells them. */
import { PerformanceObserver } from 'node:perf_hooks';
import { LONGEST_PAUSES, type SelfObservation } from '../measure/tally.js';

interface Pause {
  readonly startTime: number;
  readonly duration: number;
}

/** Listens from its making until `stop`. */
export class PauseWatch {
  readonly #pauses: Pause[] = [];
  readonly #observer = new PerformanceObserver((list) => this.#pauses.push(...list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.#pauses.push(...this.#observer.takeRecords());
    this.#observer.disconnect();
  }

  /** The pauses that began between two instants of `performance.now()`. */
  within(fromMs: number, toMs: number): SelfObservation['gc'] {
    const durations = this.#pauses.filter(({ startTime }) => startTime >= fromMs && startTime < toMs).map(({ duration }) => duration);
    return {
      count: durations.length,
      totalMs: durations.reduce((sum, duration) => sum + duration, 0),
      longestMs: durations.toSorted((a, b) => b - a).slice(0, LONGEST_PAUSES),
    };
  }
}
