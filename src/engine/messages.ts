/** What travels between the run and its workers: plain data, and a small shared memory for the start, the stop and the live counters. */
import type { AnyOptions, Ns } from '../define.js';
import type { Endpoint, RequestSpec, Timeouts } from '../net/endpoint.js';

/** One worker's part of one round. */
export interface Assignment {
  readonly worker: number;
  readonly workers: number;
  /** Epoch of the run's clock: a reading of `process.hrtime.bigint()`. */
  readonly epoch: bigint;
  readonly control: SharedArrayBuffer;
  readonly client: string;
  readonly policy: string;
  readonly options: AnyOptions;
  readonly endpoint: Endpoint;
  readonly requests: readonly RequestSpec[];
  readonly timeouts: Timeouts;
  readonly pacer: string;
  readonly pacerOptions: AnyOptions;
  readonly seed: number;
  readonly warmupNs: Ns;
  readonly windowNs: Ns;
  readonly maxInFlight: number;
  readonly pacing: 'hybrid' | 'timer';
  readonly expectStatus: readonly string[];
  /** Follow the first connections of the window one by one. */
  readonly strip: boolean;
}

/** This worker's part of a number that holds for all of them: dealt by turns, so that the parts add up exactly. */
export function share(total: number, worker: number, workers: number): number {
  return Math.floor(total / workers) + (worker < total % workers ? 1 : 0);
}

const LIVE = ['planned', 'sent', 'completed', 'lost', 'inFlight', 'opened', 'tlsFull', 'tlsResumed', 'open'] as const;
export type LiveCounts = Record<(typeof LIVE)[number], number>;

/** The shared memory of one round: who is ready, when it starts, whether to stop, and each worker's live counters (one writer each). */
export class Control {
  readonly #flags: Int32Array;
  readonly #numbers: Float64Array;

  static allocate(workers: number): SharedArrayBuffer {
    return new SharedArrayBuffer(16 + 8 * (1 + workers * LIVE.length));
  }

  constructor(readonly memory: SharedArrayBuffer) {
    this.#flags = new Int32Array(memory, 0, 4);
    this.#numbers = new Float64Array(memory, 16);
  }

  reportReady(): void {
    Atomics.add(this.#flags, 0, 1);
  }
  get ready(): number {
    return Atomics.load(this.#flags, 0);
  }

  /** One start instant for all threads, on the run's clock. */
  start(atNs: Ns): void {
    this.#numbers[0] = atNs;
    Atomics.store(this.#flags, 1, 1);
  }
  get startNs(): Ns | null {
    return Atomics.load(this.#flags, 1) === 1 ? this.#numbers[0]! : null;
  }

  stop(): void {
    Atomics.store(this.#flags, 2, 1);
  }
  get stopped(): boolean {
    return Atomics.load(this.#flags, 2) === 1;
  }

  publish(worker: number, counts: LiveCounts): void {
    LIVE.forEach((name, index) => (this.#numbers[1 + worker * LIVE.length + index] = counts[name]));
  }
  /** Sums over all workers, a fraction of a second old. */
  live(): LiveCounts {
    const counts = Object.fromEntries(LIVE.map((name) => [name, 0])) as LiveCounts;
    for (let i = 1; i < this.#numbers.length; i++) counts[LIVE[(i - 1) % LIVE.length]!] += this.#numbers[i]!;
    return counts;
  }
}
