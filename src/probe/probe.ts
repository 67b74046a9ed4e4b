/** The keep-alive contract of a server, found out by asking it: politely, and everything that waits waits side by side. */
import { redactUrl } from '../engine/redact.js';
import { unreachable } from '../engine/preflight.js';
import { resolveEndpoints } from '../engine/resolve.js';
import type { Clock } from '../measure/clock.js';
import type { Endpoint } from '../net/endpoint.js';
import type { ProbeReport } from '../result/probe.js';
import type { ProbeSettings, Scenario } from '../scenario/scenario.js';
import { nsToMs } from '../units.js';
import { adviceOn } from './advice.js';
import { maxAge } from './age.js';
import { backends } from './backends.js';
import { conditions } from './conditions.js';
import { farewell } from './farewell.js';
import { addresses, tlsFacts } from './handshakes.js';
import { http2Facts } from './http2.js';
import { Limiter, type Limits } from './limiter.js';
import { halfClose, pipelining } from './pipelining.js';
import { Prober } from './prober.js';
import type { RawResponse } from './raw.js';
import { maxRequests } from './share.js';
import { OpenFailure } from './socket.js';
import { idleTimeout, unusedTimeout } from './waits.js';

export { ABSENT } from './conditions.js';

export interface ProbeOptions extends ProbeSettings {
  readonly limits: Limits;
}

/** What a stranger's server may be asked for without leave. */
export const POLITE: Limits = { connections: 8, requestsPerSecond: 50 };

/**
 * Probes the server behind the scenario's first request, whose method is not used: what is sent is GET, HEAD, and POST to a path that is not there.
 * @param resolve finds the addresses of the target's name
 * @throws RequestError when no address of the target takes a connection and answers
 */
export async function probe(scenario: Pick<Scenario, 'target' | 'tls' | 'timeouts'>, options: ProbeOptions, clock: Clock, resolve = resolveEndpoints): Promise<ProbeReport> {
  const endpoints = await resolve(scenario);
  const { limits, capNs } = options;
  const limiter = new Limiter(limits, clock);
  const { path, headers } = scenario.target.requests[0]!;
  const at = (endpoint: Endpoint): Prober => new Prober(endpoint, { path, headers }, limiter, clock, scenario.timeouts, capNs, options.maxRequests, options.slowPath);
  const { prober, usual } = await firstAnswer(endpoints.map(at), scenario);

  const waiting = idleTimeout(prober);
  await waiting.resting; // undisturbed, since their clock starts with their last byte
  const secured = tlsFacts(prober);
  // The limiter serves them in this order: what takes the longest begins first.
  const [idle, unused, age, share, tls, http2, rows, pipelined, half, closing, several, places] = await Promise.all([
    waiting.over,
    unusedTimeout(prober),
    maxAge(prober),
    maxRequests(prober),
    secured,
    secured.then((facts) => (facts?.h2 === true ? http2Facts(prober) : null)),
    conditions(prober, validatorsOf(usual), options.badRequest),
    pipelining(prober),
    halfClose(prober),
    farewell(prober),
    backends(prober),
    addresses(prober, endpoints),
  ]);
  const found = {
    url: redactUrl(scenario.target.url),
    address: prober.place,
    server: usual.field('server') ?? '',
    limits: { connections: limits.connections, requestsPerSecond: limits.requestsPerSecond, capMs: nsToMs(capNs), maxRequests: options.maxRequests },
    sent: { ...limiter.sent },
    idle,
    unused,
    maxRequests: share,
    maxAge: age,
    conditions: rows,
    pipelining: pipelined,
    halfClose: half,
    closing,
    backends: several,
    tls,
    http2,
    addresses: places,
  };
  return { ...found, advice: adviceOn(found) };
}

/** The first address that takes a connection and answers: everything else goes there. */
async function firstAnswer(probers: readonly Prober[], scenario: Pick<Scenario, 'target' | 'timeouts'>): Promise<{ prober: Prober; usual: RawResponse }> {
  const request = { ...scenario.target.requests[0]!, method: 'GET' };
  for (const [index, prober] of probers.entries()) {
    try {
      const usual = await prober.with((connection) => prober.exchange(connection));
      if (usual === null) throw unreachable(request, prober.endpoint, 'closed', scenario);
      return { prober, usual };
    } catch (error) {
      if (!(error instanceof OpenFailure)) throw error;
      if (index === probers.length - 1) throw unreachable(request, prober.endpoint, error.kind, scenario);
    }
  }
  throw new Error('a name without an address');
}

/** What makes the server answer 304: its own ETag and date, or any version at all. */
function validatorsOf(usual: RawResponse): Record<string, string> {
  const [etag, date] = [usual.field('etag'), usual.field('last-modified')];
  return { 'If-None-Match': etag ?? '*', ...(date === undefined ? {} : { 'If-Modified-Since': date }) };
}
