import { defineOpenPacer } from '../define.js';
import { NS_PER_S } from '../units.js';

/** Arrivals of a Poisson process: exponential gaps, as from many independent users. */
export const poisson = defineOpenPacer({
  kind: 'poisson',
  summary: 'random, independent requests at one mean rate, as from many users (seeded)',
  options: { rate: { type: 'rate', summary: 'mean requests per second', default: 200 } },
  *arrivals({ rate }, random) {
    const meanGapNs = NS_PER_S / rate;
    for (let at = 0; ; ) {
      at += -Math.log(1 - random()) * meanGapNs; // inverse of the exponential distribution; 1 − u is never 0
      yield Math.round(at);
    }
  },
  expected: ({ rate }, untilNs) => (rate * untilNs) / NS_PER_S,
});
