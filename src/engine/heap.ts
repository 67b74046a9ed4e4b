/** What V8 is told of the heaps of the threads that measure, before they begin. */
import { setFlagsFromString } from 'node:v8';

/**
 * A thread begins with a young generation of 1 MB, which grows only when much survives: of what the loop throws away nothing does, so it was collected 30 times a second.
 * It begins with what V8 would let it grow to. Helpers that collect in parallel are told to only to find nothing, and want the core on which another thread sends.
 */
export function prepareHeaps(): void {
  setFlagsFromString(`--min-semi-space-size=${SEMI_SPACE_MB}`);
  setFlagsFromString('--no-parallel-scavenge');
}

/** V8's own default for the most. */
const SEMI_SPACE_MB = 16;
