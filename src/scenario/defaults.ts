/** What a scenario means where it says nothing: read by the schema (to tell) and by the loader (to fill in). */
import { NS_PER_MS, NS_PER_S } from '../units.js';

export const DEFAULTS = {
  method: 'GET',
  weight: 1,
  expectStatus: ['2xx', '3xx'],
  pacer: 'poisson',
  durationNs: 2 * NS_PER_S,
  warmupNs: 500 * NS_PER_MS,
  washoutNs: 100 * NS_PER_MS,
  workers: 0,
  maxInFlight: 1000,
  pacing: 'hybrid',
  blocks: 6,
  quantiles: ['p50', 'p99'],
  maxBlocks: 60,
  maxTimeNs: 900 * NS_PER_S,
  connectNs: 5 * NS_PER_S,
  responseNs: 10 * NS_PER_S,
  closeNs: NS_PER_S,
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  /** Outlasts the 120 s of the most patient proxies. */
  probeCapNs: 130 * NS_PER_S,
  probeMaxRequests: 2000,
} as const;

/** A quick look (`--quick`): half a default run, and no claim on a tail that its requests cannot carry. Written as on the command line. */
export const QUICK = { blocks: '6', duration: '1s', warmup: '250ms', quantiles: ['p50', 'p90'] } as const;

/** An interval takes 6 blocks, so none can be precise before. */
export const FEWEST_BLOCKS_UNTIL = 6;

/** The arms of a scenario that names none; TLS sessions can be resumed only over https. */
export function defaultPolicies(https: boolean): readonly string[] {
  return https ? ['reused', 'fresh', 'resumed'] : ['reused', 'fresh'];
}
