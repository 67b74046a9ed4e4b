import { defineOpenPacer, type Ns } from '../define.js';
import { NS_PER_S } from '../units.js';

/** A rate that grows or falls in a straight line, then stays. */
export const ramp = defineOpenPacer({
  kind: 'ramp',
  summary: 'a rate that changes in a straight line from one value to another, then stays',
  options: {
    from: { type: 'rate', summary: 'rate at the start', default: 10, zero: true },
    to: { type: 'rate', summary: 'rate at the end of the ramp', default: 200 },
    over: { type: 'duration', summary: 'how long the ramp takes', default: 10 * NS_PER_S, min: 1 },
  },
  *arrivals({ from, to, over }) {
    for (let n = 0; ; n++) yield Math.round(instantOf(n + 0.5, from, to, over));
  },
  expected: ({ from, to, over }, untilNs) => Math.round(arrivalsBy(untilNs, from, to, over)),
});

/** N(t) = from·t + (to − from)·t² / (2·over) while t ≤ over, then to·t. */
function arrivalsBy(untilNs: Ns, from: number, to: number, over: Ns): number {
  const t = Math.min(untilNs, over) / NS_PER_S;
  const onRamp = from * t + ((to - from) * t * t) / ((2 * over) / NS_PER_S);
  return onRamp + (to * Math.max(0, untilNs - over)) / NS_PER_S;
}

/** The inverse of N(t): when the n-th arrival is due. The root is written so that nothing cancels when from ≈ to. */
function instantOf(n: number, from: number, to: number, over: Ns): Ns {
  const onRamp = arrivalsBy(over, from, to, over);
  if (n > onRamp) return over + ((n - onRamp) / to) * NS_PER_S;
  const slope = (to - from) / (over / NS_PER_S);
  const root = Math.sqrt(from * from + 2 * slope * n);
  return ((2 * n) / (from + root)) * NS_PER_S;
}
