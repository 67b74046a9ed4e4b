import { defineClosedPacer } from '../define.js';

/** A fixed number of requests in flight: finds capacity, hides queueing. Open pacers are the ones to measure latency with. */
export const closed = defineClosedPacer({
  kind: 'closed',
  summary: 'a fixed number of requests in flight, as fast as the target answers (finds capacity; says little about latency)',
  options: { inFlight: { type: 'count', summary: 'requests in flight, over all workers', default: 32, min: 1 } },
  inFlight: ({ inFlight }) => inFlight,
});
