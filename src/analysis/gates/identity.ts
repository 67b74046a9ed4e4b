import { formatMs } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { NO_OBSERVATION, percent } from '../gate-words.js';
import { placeOf } from '../rounds.js';

/**
 * G16. Do two books of the same time agree? Little's law on the round's own data (Little 1961, Operations Research 9, 383): ∫ requests in flight dt = Σ (done −
 * dispatched), kept apart by the loop and by the recorder over every exchange of the round. Both sides use the same instants, so that they agree but for
 * rounding: above 0.5 % is worth a caveat, above 2 % no verdict. An exchange that was lost or ended twice would show here (as in wg/wrk#114).
 */
export const identity = defineGate({
  id: 'G16',
  title: 'our own books agree',
  unmeasured: ({ rounds }) => (rounds.length === 0 ? 'no round was measured' : NO_OBSERVATION),
  find: ({ rounds }) => rounds.map((round): Finding => {
    const { inFlightMs = NaN, exchangesMs = NaN } = round.observed ?? {};
    const apart = inFlightMs === exchangesMs ? 0 : Math.abs(inFlightMs - exchangesMs) / Math.max(Math.abs(exchangesMs), 1e-6);
    return {
      value: 100 * apart,
      unit: '%',
      warnAbove: 0.5,
      failAbove: 2,
      detail: `${placeOf(round)}: requests were in flight for ${formatMs(inFlightMs)} ms by one count and ${formatMs(exchangesMs)} ms by the other (${percent(apart)} apart)`,
      remedy: 'this is a bug of sameconn: please report it with the result file',
    };
  }),
});
