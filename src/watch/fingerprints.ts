/** Idle timeouts and pool sizes by which a client's stack can be told. Versions change them: a match is a hint, never a proof. */
import type { Ns } from '../define.js';
import { NS_PER_S } from '../units.js';

export interface Fingerprint {
  readonly stack: string;
  readonly idleNs: Ns;
}

const FINGERPRINTS: readonly Fingerprint[] = [
  { stack: 'undici and fetch in Node', idleNs: 4 * NS_PER_S },
  { stack: 'Node’s http agent, or httpx', idleNs: 5 * NS_PER_S },
  { stack: 'aiohttp', idleNs: 15 * NS_PER_S },
  { stack: 'Java’s HttpClient since 20', idleNs: 30 * NS_PER_S },
  { stack: '.NET’s SocketsHttpHandler since 6', idleNs: 60 * NS_PER_S },
  { stack: 'Go’s DefaultTransport, or reqwest', idleNs: 90 * NS_PER_S },
  { stack: 'curl', idleNs: 118 * NS_PER_S },
  { stack: 'OkHttp', idleNs: 300 * NS_PER_S },
];

/** The stack whose pool keeps so many idle connections for one host unless told otherwise, or null. */
export function stackByPoolCap(kept: number): string | null {
  return kept === 2 ? 'Go’s DefaultTransport' : null;
}

/** The stack whose idle timeout this is, within 5 % (clients look only now and then), or null. */
export function stackByIdleTimeout(idleNs: Ns): Fingerprint | null {
  return FINGERPRINTS.find((known) => idleNs > known.idleNs * 0.97 && idleNs < known.idleNs * 1.05 + 0.1 * NS_PER_S) ?? null;
}
