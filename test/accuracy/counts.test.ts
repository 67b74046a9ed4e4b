/** Four witnesses of every connection: our count, nginx's log, the SYN packets on the wire and the kernel's counter are equal, difference 0, and so are the kinds of TLS handshakes. */
import { expect, test } from 'vitest';
import * as clients from '../../src/clients/index.js';
import type { ConnectionCounts, Result } from '../../src/result/schema.js';
import type { NginxOptions } from '../servers/nginx.js';
import { atDistance, runScenario, whyNot, type Distance } from './distance.js';
import { record, SHORT } from './record.js';

const missing = whyNot();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

interface Case {
  readonly name: string;
  readonly arms: readonly Readonly<Record<string, string | number>>[];
  readonly server?: NginxOptions;
  /** Both kinds of TLS handshakes in one run: it has none over http. */
  readonly mix?: true;
  /** An answer that never came leaves open whether the request arrived. */
  readonly requestsMayBeLost?: boolean;
}

const CASES: readonly Case[] = [
  { name: 'reused', arms: [{ policy: 'reused' }] },
  { name: 'fresh', arms: [{ policy: 'fresh' }] },
  { name: 'resumed', arms: [{ policy: 'resumed' }] },
  { name: 'capped at 7 requests', arms: [{ policy: 'capped', requests: 7 }] },
  { name: 'idle gaps of 1 ms', arms: [{ policy: 'idle-gap', gap: '1ms' }] },
  { name: 'a mix of 30 % full and 70 % resumed handshakes', arms: [...many('fresh', 3), ...many('resumed', 7)], mix: true },
  { name: 'resumed, nginx knows about half of the sessions', arms: [{ policy: 'resumed' }], server: { forgetsSessions: true }, mix: true },
  { name: 'reused, nginx ends connections after 100 requests', arms: [{ policy: 'reused' }], server: { keepaliveRequests: 100 } },
  { name: 'reused, nginx ends the connection of every 100th request', arms: [{ policy: 'reused' }], server: { endsConnections: true }, requestsMayBeLost: true },
];

const COMBINATIONS: readonly (readonly [client: string, scheme: 'http' | 'https'])[] = SHORT
  ? [['wire', 'https'], ['undici', 'http']]
  : Object.values(clients).flatMap(({ kind }) => [[kind, 'http'], [kind, 'https']] as const);
const REPEATS = SHORT ? 1 : 10;
/** Requests a second, for 0.6 s twice, warm-up included; 0.3 s where there are several arms. */
const RATE = SHORT ? { http: 500, https: 150 } : { http: 2000, https: 400 };

/** Few connections, since each round of a resumed arm begins with as many full handshakes at most. */
function many(policy: string, times: number): Case['arms'] {
  return Array.from({ length: times }, (_, nth) => ({ policy, name: `${policy}-${nth}`, connections: 4 }));
}

/** What each witness saw of one run. */
interface Seen {
  readonly connections: { readonly ours: number; readonly nginx: number; readonly syns: number; readonly kernel: number };
  readonly tls: { readonly ours: readonly [full: number, resumed: number]; readonly nginx: readonly [full: number, resumed: number] };
  readonly requests: { readonly ours: number; readonly nginx: number };
}

test.skipIf(missing !== undefined).each(CASES)('we, nginx, the wire and the kernel count the same connections: $name', async ({ name, arms, server = {}, mix = false, requestsMayBeLost = false }) => {
  const seen: Seen[] = [];
  await atDistance(0, server, async (distance) => {
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      for (const [client, scheme] of COMBINATIONS) {
        if (mix && scheme === 'http') continue;
        const shared = arms.map((arm) => ({ name: 'a', connections: 32, ...arm, client }));
        seen.push(await look(distance, scheme, shared, RATE[scheme], arms.length > 1 ? '100ms' : '400ms'));
      }
    }
  });
  report(name, seen);
  for (const { connections, tls, requests } of seen) {
    const { ours } = connections;
    expect(connections).toEqual({ ours, nginx: ours, syns: ours, kernel: ours });
    expect(tls.nginx).toEqual(tls.ours);
    if (!requestsMayBeLost) expect(requests.nginx).toBe(requests.ours);
    if (mix) expect(Math.min(...tls.ours)).toBeGreaterThan(0);
  }
}, 600_000);

test.skipIf(missing !== undefined || SHORT).each(Object.values(clients))('10,000 fresh connections of the $kind client are 10,000 to everyone', async ({ kind }) => {
  const seen = await atDistance(0, {}, (distance) => look(distance, 'http', [{ policy: 'fresh', name: 'a', client: kind, connections: 256 }], 1000, '4800ms'));
  report(`fresh, 10,000 of the ${kind} client`, [seen]);
  const ours = 10_001; // and the preflight
  expect(seen.connections).toEqual({ ours, nginx: ours, syns: ours, kernel: ours });
}, 120_000);

/** One run, two rounds of each arm, and what everybody saw of it. */
async function look({ near, line, server }: Distance, scheme: 'http' | 'https', arms: readonly object[], rate: number, duration: string): Promise<Seen> {
  const before = { nginx: await server.counts(), kernel: near.kernelCounts()['TcpActiveOpens']! };
  await line.counts();
  const load = { pacer: 'constant', rate: `${rate}/s`, duration, warmup: '200ms', maxInFlight: 10_000, workers: 1 };
  const url = scheme === 'https' ? server.httpsUrl : server.url;
  const result = await runScenario(near, { target: { url }, load, arms, blocks: 1 }, server.ca);
  const ours = total(result);
  const after = { nginx: await server.counts({ requests: before.nginx.requests + 1 + ours.requests }), kernel: near.kernelCounts()['TcpActiveOpens']! };
  return {
    connections: { ours: ours.opened + 1, nginx: after.nginx.connections - before.nginx.connections, syns: (await line.counts()).syns, kernel: after.kernel - before.kernel },
    tls: {
      ours: [ours.tlsFull + (scheme === 'https' ? 1 : 0), ours.tlsResumed],
      nginx: [after.nginx.tlsFull - before.nginx.tlsFull, after.nginx.tlsResumed - before.nginx.tlsResumed],
    },
    requests: { ours: ours.requests + 1, nginx: after.nginx.requests - before.nginx.requests },
  };
}

/** Of all rounds, warm-ups included; the preflight is not among them. */
function total({ rounds }: Result): { opened: number; tlsFull: number; tlsResumed: number; requests: number } {
  const sum = (of: (connections: ConnectionCounts) => number): number => rounds.reduce((all, { connections }) => all + of(connections) + of(connections.warmup), 0);
  return {
    opened: sum(({ opened }) => opened),
    tlsFull: sum(({ tlsFull }) => tlsFull),
    tlsResumed: sum(({ tlsResumed }) => tlsResumed),
    requests: rounds.reduce((all, { requests }) => all + requests.sent + requests.warmup.sent, 0),
  };
}

function report(name: string, seen: readonly Seen[]): void {
  const sum = (of: (one: Seen) => number): number => seen.reduce((all, one) => all + of(one), 0);
  const count = (number: number): string => number.toLocaleString('en');
  const connected = seen.filter(({ connections: { ours, ...others } }) => Object.values(others).every((theirs) => theirs === ours)).length;
  record({
    experiment: 'E6',
    case: name,
    bar: 'difference 0',
    measured: `${connected} of ${seen.length} runs equal: client ${count(sum(({ connections }) => connections.ours))}, nginx ${count(sum(({ connections }) => connections.nginx))}, SYNs ${count(sum(({ connections }) => connections.syns))}, kernel ${count(sum(({ connections }) => connections.kernel))}`,
    met: connected === seen.length,
  });
  const secure = seen.filter(({ tls }) => tls.nginx[0] + tls.nginx[1] > 0);
  if (secure.length === 0) return;
  const agreed = secure.filter(({ tls }) => tls.ours[0] === tls.nginx[0] && tls.ours[1] === tls.nginx[1]).length;
  const kinds = (who: 'ours' | 'nginx'): string => `${count(sum(({ tls }) => tls[who][0]))} full and ${count(sum(({ tls }) => tls[who][1]))} resumed`;
  record({ experiment: 'E7', case: name, bar: 'difference 0', measured: `${agreed} of ${secure.length} runs equal: client ${kinds('ours')}, nginx ${kinds('nginx')}`, met: agreed === secure.length });
}
