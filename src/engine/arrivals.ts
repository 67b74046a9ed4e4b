import type { Ns, OpenPacer, AnyOptions } from '../define.js';
import { randomFrom } from '../random.js';

const CHUNK = 256;

/**
 * One worker's share of a schedule, dealt by turns: worker w of W takes arrivals n ≡ w (mod W), so that the union of all workers is exactly the asked schedule
 * and no rate is ever divided. Read ahead in small chunks, so that looking at the next instant costs one array read.
 */
export class Arrivals {
  readonly #chunk = new Float64Array(CHUNK);
  readonly #source: Iterator<Ns>;
  #length = 0;
  #at = 0;
  #dealt = 0;

  constructor(
    pacer: OpenPacer,
    options: AnyOptions,
    seed: number,
    private readonly endNs: Ns,
    private readonly worker: number,
    private readonly workers: number,
  ) {
    this.#source = pacer.arrivals(options, randomFrom(seed, 2))[Symbol.iterator]();
    this.#fill();
  }

  /** The next intended instant, or Infinity after the last. */
  get nextNs(): Ns {
    return this.#at < this.#length ? this.#chunk[this.#at]! : Infinity;
  }

  take(): void {
    if (++this.#at === this.#length) this.#fill();
  }

  #fill(): void {
    this.#at = 0;
    this.#length = 0;
    while (this.#length < CHUNK) {
      const { value, done } = this.#source.next() as IteratorResult<Ns, undefined>;
      if (done === true || value === undefined || value >= this.endNs) return;
      if (this.#dealt++ % this.workers === this.worker) this.#chunk[this.#length++] = value;
    }
  }
}
