import { describe, expect, test } from 'vitest';
import * as clients from '../../src/clients/index.js';
import * as witnesses from '../servers/index.js';
import { runRound } from '../fakes/assignment.js';

// Two witnesses: what the client counted and what a real server counted are equal, difference 0, for every client and every policy, over http and https.

const CONNECTIONS = 16;

const ARMS: readonly { readonly arm: string; readonly promise: (requests: number) => { opened: [number, number]; tlsFull: [number, number] } }[] = [
  { arm: `reused:connections=${CONNECTIONS}`, promise: () => ({ opened: [1, CONNECTIONS], tlsFull: [1, CONNECTIONS] }) },
  { arm: `fresh:connections=${CONNECTIONS}`, promise: (n) => ({ opened: [n, n], tlsFull: [n, n] }) },
  { arm: `resumed:connections=${CONNECTIONS}`, promise: (n) => ({ opened: [n, n], tlsFull: [1, CONNECTIONS] }) },
  { arm: `capped:connections=${CONNECTIONS},requests=7`, promise: (n) => ({ opened: [Math.ceil(n / 7), Math.ceil(n / 7) + CONNECTIONS], tlsFull: [Math.ceil(n / 7), Math.ceil(n / 7) + CONNECTIONS] }) },
  { arm: `idle-gap:connections=${CONNECTIONS},gap=1ms`, promise: () => ({ opened: [1, CONNECTIONS], tlsFull: [1, CONNECTIONS] }) },
];

/** nginx is the reference: 5,000 requests, three times running. The others hear 2,000 once. */
const LOAD: Readonly<Record<string, { requests: number; times: number }>> = { nginx: { requests: 5000, times: 3 } };

describe.each(Object.values(witnesses))('$name', (witness) => {
  const available = witness.available();
  if (available !== true) console.warn(`skipped: ${available}`);
  const { requests, times } = LOAD[witness.name] ?? { requests: 2000, times: 1 };

  describe.each(Object.values(clients))('and the $kind client', (client) => {
    describe.each(['http', 'https'] as const)('over %s', (scheme) => {
      test.skipIf(available !== true).each(ARMS)(`count the same for $arm, ${requests} requests, ${times} times running`, async ({ arm, promise }) => {
        for (let time = 0; time < times; time++) {
          const server = await witness.start();
          try {
            const flags = { arm: [arm], client: client.kind, pacer: 'constant', rate: `${requests}/s`, duration: '1s', maxInFlight: String(requests), ca: server.ca };
            const ours = await runRound(scheme === 'https' ? server.httpsUrl : server.url, flags);
            const theirs = await server.counts({ scheme, requests });
            const { opened, tlsFull, tlsResumed, requestsPerConnection } = ours.connections;
            expect(ours.requests).toMatchObject({ completed: requests, failed: 0, aborted: 0, shed: 0 });
            expect({ opened, tlsFull, tlsResumed, requests: ours.requests.sent }).toEqual({ opened: theirs.connections, tlsFull: theirs.tlsFull, tlsResumed: theirs.tlsResumed, requests: theirs.requests });
            expect(requestsPerConnection).toEqual(distribution(theirs.perConnection));
            const promised = promise(requests);
            expect(opened).toBeGreaterThanOrEqual(promised.opened[0]);
            expect(opened).toBeLessThanOrEqual(promised.opened[1]);
            if (scheme === 'https') {
              expect(tlsFull).toBeGreaterThanOrEqual(promised.tlsFull[0]);
              expect(tlsFull).toBeLessThanOrEqual(promised.tlsFull[1]);
              expect(tlsFull + tlsResumed).toBe(opened);
            }
          } finally {
            await server.stop();
          }
        }
      }, 300_000);
    });
  });
});

function distribution(perConnection: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const requests of perConnection) counts[requests] = (counts[requests] ?? 0) + 1;
  return counts;
}
