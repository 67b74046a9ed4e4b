/** One exchange before any load: a target that cannot work is refused at once, with a sentence. */
import * as clients from '../clients/index.js';
import { choose, type ConnectionRules } from '../define.js';
import { RequestError } from '../errors.js';
import type { Clock } from '../measure/clock.js';
import { Sample } from '../measure/sample.js';
import type { Endpoint, RequestSpec } from '../net/endpoint.js';
import { failureKinds, type FailureKind } from '../net/failures.js';
import { Ledger, type TlsFacts } from '../net/ledger.js';
import type { Scenario } from '../scenario/scenario.js';
import { formatDuration } from '../units.js';
import { redactPath, redactUrl } from './redact.js';
import { expectedStatuses } from './status.js';
import type { FirstExchange } from './warmup.js';

export interface PreflightFacts {
  /** The first address that took a connection: all rounds go there. */
  readonly endpoint: Endpoint;
  readonly tls: TlsFacts | null;
  readonly took: FirstExchange;
}

const ONE: ConnectionRules = { connections: 1, requestsPerConnection: 1, restNs: 0, tlsSession: 'none', closeBy: 'client', protocol: 'http/1.1' };

/**
 * Sends the scenario's first request once over one connection, to each address in turn until one takes a connection.
 * @throws RequestError when no address does, or the exchange fails, or its status is not an expected one
 */
export async function preflight(scenario: Scenario, endpoints: readonly Endpoint[], clock: Clock): Promise<PreflightFacts> {
  const request = scenario.target.requests[0]!;
  let last: { sample: Sample; endpoint: Endpoint } | null = null;
  for (const endpoint of endpoints) {
    const ledger = new Ledger(clock, endpoint.secure);
    const sample = await exchangeOnce(scenario, endpoint, request, ledger, clock);
    if (sample.failure === '') {
      if (expectedStatuses(scenario.target.expectStatus)[sample.status] === 1) return { endpoint, tls: ledger.tlsFacts, took: tookOf(sample) };
      throw new RequestError(
        `${describe(request, endpoint)} answered ${sample.status}, and ${scenario.target.expectStatus.join(' or ')} is expected`,
        `correct the request, or say target.expectStatus: [${sample.status}] if that is the right answer`,
      );
    }
    last = { sample, endpoint };
    if (ledger.opened > 0) break; // it took a connection: another address would hide the problem
  }
  const { sample, endpoint } = last!;
  throw unreachable(request, endpoint, sample.failure as FailureKind, scenario);
}

/** What to say of a target that cannot be spoken to: what happened, and what to do about it. */
export function unreachable(request: RequestSpec, endpoint: Endpoint, kind: FailureKind, scenario: Pick<Scenario, 'target' | 'timeouts'>): RequestError {
  return new RequestError(`${describe(request, endpoint)} did not work: ${failureKinds[kind]} (${kind})`, remedyFor(kind, scenario));
}

async function exchangeOnce(scenario: Scenario, endpoint: Endpoint, request: RequestSpec, ledger: Ledger, clock: Clock): Promise<Sample> {
  const client = choose(clients, scenario.arms[0]!.client, 'client').open({ endpoint, rules: ONE, requests: [request], timeouts: scenario.timeouts, ledger, clock });
  const sample = new Sample();
  const nowNs = clock.nowNs();
  sample.begin(0, nowNs, nowNs, true);
  await new Promise<void>((resolve) => {
    sample.done = () => resolve();
    client.exchange(sample);
  });
  await client.close();
  return sample;
}

function tookOf({ connectNs, tlsNs, sentNs, doneNs }: Sample): FirstExchange {
  return { handshakeNs: Math.max(0, connectNs) + Math.max(0, tlsNs), serviceNs: doneNs - sentNs };
}

function describe(request: RequestSpec, endpoint: Endpoint): string {
  const place = endpoint.socketPath !== '' ? `unix:${endpoint.socketPath}` : endpoint.family === 6 ? `[${endpoint.address}]:${endpoint.port}` : `${endpoint.address}:${endpoint.port}`;
  return `${request.method} ${endpoint.secure ? 'https' : 'http'}://${endpoint.authority}${redactPath(request.path)} (${place})`;
}

function remedyFor(kind: FailureKind, { target, timeouts }: Pick<Scenario, 'target' | 'timeouts'>): string {
  switch (kind) {
    case 'refused':
      return 'start the target, or correct the port';
    case 'unreachable':
      return 'check the address, the network and any firewall';
    case 'connect-timeout':
      return `is a firewall dropping packets? timeouts.connect is ${formatDuration(timeouts.connectNs)}`;
    case 'tls-certificate':
      return 'give its authority with tls.ca (--ca FILE), correct tls.servername, or accept any certificate with tls.insecure (--insecure)';
    case 'tls-protocol':
    case 'tls-closed':
      return `is this port plain http? then write ${redactUrl(target.url).replace(/^https/, 'http')}`;
    case 'request-body':
      return 'leave the file of the body alone while sameconn runs';
    case 'response-timeout':
      return `timeouts.response is ${formatDuration(timeouts.responseNs)}`;
    case 'closed':
    case 'reset':
    case 'protocol':
      return target.url.startsWith('http:') ? 'does this port speak https, or something that is not HTTP at all?' : 'check that the target speaks HTTP/1.1 on this port';
    default:
      return 'correct the target and try again';
  }
}
