/** The thread pool: the same threads for the whole run, one assignment a thread a round, one start instant for all. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Piscina } from 'piscina';
import type { Clock } from '../measure/clock.js';
import type { WorkerTally } from '../measure/tally.js';
import { prepareHeaps } from './heap.js';
import { Control, type Assignment, type LiveCounts } from './messages.js';

/** From the last thread's readiness to the start: time for all to see it. */
const LEAD_NS = 10e6;

export class Crew {
  readonly #pool: Piscina;
  #control: Control | null = null;

  /** @param entry the module that a thread runs, beside this one */
  constructor(
    readonly workers: number,
    entry: './worker.js' | './yardstick.js' = './worker.js',
  ) {
    prepareHeaps();
    this.#pool = new Piscina({
      filename: new URL(entry, import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Infinity,
      atomics: 'disabled', // a thread that waits must still read its sockets
    });
  }

  /** Carries out one round. @param assign makes each worker's assignment around the shared memory */
  async round(assign: (worker: number, control: SharedArrayBuffer) => Assignment, clock: Clock, begun: (startNs: number) => void): Promise<readonly WorkerTally[]> {
    const memory = Control.allocate(this.workers);
    const control = new Control(memory);
    this.#control = control;
    const tallies = Promise.all(Array.from({ length: this.workers }, (_, worker) => this.#pool.run(assign(worker, memory)) as Promise<WorkerTally>));
    let over = false;
    tallies.then(
      () => (over = true),
      () => (over = true),
    );
    while (control.ready < this.workers && !over) await sleep(1);
    const startNs = clock.nowNs() + LEAD_NS;
    control.start(startNs);
    begun(startNs);
    try {
      return await tallies;
    } catch (error) {
      control.stop(); // the other threads must not drive on alone
      throw error;
    } finally {
      this.#control = null;
    }
  }

  /** The counters of the round under way, a fraction of a second old; null between rounds. */
  live(): LiveCounts | null {
    return this.#control?.live() ?? null;
  }

  /** Ends the round under way at once. */
  stop(): void {
    this.#control?.stop();
  }

  async dismiss(): Promise<void> {
    await this.#pool.destroy();
  }
}
