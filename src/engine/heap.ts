/** When the threads that measure collect their garbage: seldom while they do, and before they begin. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * What V8 is told before the threads are begun. A thread begins with a young generation of 1 MB, which grows only when much survives: of what the loop throws away
 * nothing does, so it was collected 30 times a second. It begins with what V8 would let it grow to. Helpers that collect in parallel are woken only to find nothing,
 * and want the core on which another thread sends. What is compiled stays compiled, however seldom a failure comes: the rehearsal is once.
 */
export function prepareHeaps(): void {
  setFlagsFromString(`--min-semi-space-size=${SEMI_SPACE_MB}`);
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--no-flush-bytecode');
}

/** V8's own default for the most. */
const SEMI_SPACE_MB = 16;

/** Collects everything now: what a round sets up is old before it begins, and what the round before has left is nobody's pause. */
export function collectGarbage(): void {
  collect ??= exposed();
  collect();
}

let collect: (() => void) | undefined;

function exposed(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
