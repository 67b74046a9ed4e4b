import { defineOpenPacer, type Ns, type Step } from '../define.js';
import { NS_PER_S } from '../units.js';

/** One constant rate after another; the last one goes on to the end. */
export const steps = defineOpenPacer({
  kind: 'steps',
  summary: 'one constant rate after another; the last goes on to the end of the round',
  options: { steps: { type: 'steps', summary: 'a list of { rate, for }' } },
  *arrivals({ steps }) {
    let startNs = 0;
    let begun = 0; // part of the next arrival that earlier steps have earned, −0.5 to 0.5
    for (const [index, step] of steps.entries()) {
      const endNs = index === steps.length - 1 ? Infinity : startNs + step.forNs;
      if (step.rate > 0) {
        for (let n = 0; ; n++) {
          const at = startNs + ((n + 0.5 - begun) / step.rate) * NS_PER_S;
          if (at >= endNs) {
            begun = (step.rate * (endNs - startNs)) / NS_PER_S + begun - n;
            break;
          }
          yield Math.round(at);
        }
      } else if (endNs === Infinity) return;
      startNs = endNs;
    }
  },
  expected: ({ steps }, untilNs) => Math.round(arrivalsBy(steps, untilNs)),
});

function arrivalsBy(steps: readonly Step[], untilNs: Ns): number {
  let total = 0;
  let startNs = 0;
  steps.forEach((step, index) => {
    const endNs = index === steps.length - 1 ? Infinity : startNs + step.forNs;
    if (untilNs > startNs) total += (step.rate * (Math.min(untilNs, endNs) - startNs)) / NS_PER_S;
    startNs = endNs;
  });
  return total;
}
