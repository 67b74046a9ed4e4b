import { formatMs } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { NO_OBSERVATION } from '../gate-words.js';
import { placeOf } from '../rounds.js';

/**
 * G14. Do all threads tell the same time? Each takes readings of its own clock between two of the shared one, before and after its round; the distance outside
 * of them, in the worst worker: above 50 µs is worth a caveat, above 500 µs no verdict. The wall clock plays no part, so that it may jump.
 */
export const clock = defineGate({
  id: 'G14',
  title: 'all clocks agreed',
  unmeasured: ({ rounds }) => (rounds.length === 0 ? 'no round was measured' : NO_OBSERVATION),
  find: ({ rounds }) => rounds.filter(({ observed }) => observed !== undefined).map((round): Finding => {
    const skewUs = round.observed?.clockSkewUs ?? NaN;
    return { value: skewUs, unit: 'µs', warnAbove: 50, failAbove: 500, detail: `${placeOf(round)}: a worker's clock was off by ${formatMs(skewUs)} µs`, remedy: 'the system was suspended, or its clock source is unstable: run again' };
  }),
});
