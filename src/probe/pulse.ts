import type { Ns } from '../define.js';
import type { Clock } from '../measure/clock.js';

/** What bounds the lateness of this process: whatever it notices now had not come when the last but one beat began, or it would have been noticed before the last. */
export class Pulse {
  #before: Ns;
  #last: Ns;
  readonly #timer: NodeJS.Timeout;

  constructor(clock: Clock) {
    this.#before = this.#last = clock.nowNs();
    this.#timer = setInterval(() => {
      this.#before = this.#last;
      this.#last = clock.nowNs();
    }, BEAT_MS).unref();
  }

  /** What is noticed in this turn of the loop came after this instant. */
  get sinceNs(): Ns {
    return this.#before;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

const BEAT_MS = 5;
