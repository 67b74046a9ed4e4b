import { defineOpenPacer } from '../define.js';
import { NS_PER_S } from '../units.js';

/** Evenly spaced arrivals, the first half a gap after the start so that the last gap is not lost. */
export const constant = defineOpenPacer({
  kind: 'constant',
  summary: 'evenly spaced requests at one rate',
  options: { rate: { type: 'rate', summary: 'requests per second', default: 200 } },
  *arrivals({ rate }) {
    for (let n = 0; ; n++) yield Math.round(((n + 0.5) / rate) * NS_PER_S); // from the count, not from the last: no error adds up
  },
  expected: ({ rate }, untilNs) => Math.round((rate * untilNs) / NS_PER_S),
});
