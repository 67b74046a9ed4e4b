/** What a scenario means where it says nothing: read by the schema (to tell) and by the loader (to fill in). */
import { NS_PER_MS, NS_PER_S } from '../units.js';

export const DEFAULTS = {
  method: 'GET',
  weight: 1,
  expectStatus: ['2xx', '3xx'],
  pacer: 'poisson',
  durationNs: 2 * NS_PER_S,
  warmupNs: 500 * NS_PER_MS,
  workers: 0,
  maxInFlight: 1000,
  pacing: 'hybrid',
  blocks: 6,
  connectNs: 5 * NS_PER_S,
  responseNs: 10 * NS_PER_S,
  closeNs: NS_PER_S,
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  /** Outlasts the 120 s of the most patient proxies. */
  probeCapNs: 130 * NS_PER_S,
  probeMaxRequests: 2000,
} as const;

/** The arms of a scenario that names none; TLS sessions can be resumed only over https. */
export function defaultPolicies(https: boolean): readonly string[] {
  return https ? ['reused', 'fresh', 'resumed'] : ['reused', 'fresh'];
}
