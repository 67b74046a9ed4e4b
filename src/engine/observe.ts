/** What a round saw of itself and of its host, in the words of the result: the material of the gates. */
import { Histogram } from '../measure/histogram.js';
import type { SelfObservation } from '../measure/tally.js';
import type { EncodedHistogram, Observed } from '../result/schema.js';
import { nsToMs } from '../units.js';
import { hostOver, readHost, type Budget } from './host.js';

/** Begins to observe a round; the function that comes back ends it. */
export function observeRound(budget: Budget, nowNs: () => number): (self: SelfObservation) => Observed {
  const before = readHost();
  const startNs = nowNs();
  return (self) => {
    const elapsedMs = nsToMs(nowNs() - startNs);
    return { elapsedMs, ...ofItself(self), host: hostOver(before, readHost(), elapsedMs, budget) };
  };
}

function ofItself({ firstHalf, secondHalf, served, inFlightNs, exchangesNs, stalledMs, gc, clockSkewUs, tls }: SelfObservation): Omit<Observed, 'elapsedMs' | 'host'> {
  const half = (encoded: EncodedHistogram): Observed['halves']['first'] => ({ count: encoded.count, p50Ms: quantileMs(encoded, 0.5) });
  return {
    served: { p50Ms: quantileMs(served, 0.5), p99Ms: quantileMs(served, 0.99) },
    halves: { first: half(firstHalf), second: half(secondHalf) },
    inFlightMs: nsToMs(inFlightNs),
    exchangesMs: nsToMs(exchangesNs),
    stalledMs,
    gc: { ...gc, longestMs: [...gc.longestMs] },
    clockSkewUs,
    tls: [...tls],
  };
}

function quantileMs(encoded: EncodedHistogram, quantile: number): number {
  return nsToMs(Histogram.decode(encoded).quantileNs(quantile));
}
