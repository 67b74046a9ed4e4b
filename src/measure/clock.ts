/** Time, as a thing that comes in by the door: the run's clock, shared by all threads. */
import { performance } from 'node:perf_hooks';
import type { Ns } from '../define.js';

export interface Clock {
  /** Nanoseconds since the clock's epoch; never goes back. */
  nowNs(): Ns;
}

/**
 * A clock whose epoch is the same in every thread. `process.hrtime` reads CLOCK_MONOTONIC, one for the whole process, but allocates;
 * `performance.now()` counts from its own thread's start, so its offset to the shared clock is taken once.
 * @param epoch a reading of `process.hrtime.bigint()`, taken once by the run and handed to each thread
 */
export function monotonicClock(epoch: bigint): Clock {
  const offsetNs = Number(process.hrtime.bigint() - epoch) - performance.now() * 1e6;
  return { nowNs: () => performance.now() * 1e6 + offsetNs };
}
