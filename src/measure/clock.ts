/** Time, as a thing that comes in by the door: the run's clock, shared by all threads. */
import { performance } from 'node:perf_hooks';
import type { Ns } from '../define.js';

export interface Clock {
  /** Nanoseconds since the clock's epoch; never goes back. */
  nowNs(): Ns;
}

/**
 * A clock whose epoch is the same in every thread. `process.hrtime` reads CLOCK_MONOTONIC, one for the whole process, but allocates;
 * `performance.now()` counts from its own thread's start, so its offset to the shared clock is taken once, from the tightest of a few readings.
 * @param epoch a reading of `process.hrtime.bigint()`, taken once by the run and handed to each thread
 */
export function monotonicClock(epoch: bigint): Clock {
  const readings = Array.from({ length: READINGS }, () => bracketed(epoch, () => performance.now() * 1e6));
  const { before, own, after } = readings.reduce((best, reading) => (reading.after - reading.before < best.after - best.before ? reading : best));
  const offsetNs = (before + after) / 2 - own;
  return { nowNs: () => performance.now() * 1e6 + offsetNs };
}

/** A clock for what happens in one thread alone; its epoch is now. */
export function ownClock(): Clock {
  return monotonicClock(process.hrtime.bigint());
}

/**
 * How far a thread's clock is from the shared one: the distance of its reading from the two readings of the shared clock before and after it, 0 between them.
 * A thread that is held up between two readings only widens the bracket, so the smallest of a few is taken.
 */
export function clockSkewNs(clock: Clock, epoch: bigint): Ns {
  const skews = Array.from({ length: READINGS }, () => {
    const { before, own, after } = bracketed(epoch, () => clock.nowNs());
    return Math.max(0, before - own, own - after);
  });
  return Math.min(...skews);
}

const READINGS = 5;

function bracketed(epoch: bigint, read: () => Ns): { before: Ns; own: Ns; after: Ns } {
  const before = process.hrtime.bigint();
  const own = read();
  const after = process.hrtime.bigint();
  return { before: Number(before - epoch), own, after: Number(after - epoch) };
}
