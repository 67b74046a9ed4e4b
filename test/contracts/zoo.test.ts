/** Every misbehaving server meets every client: reasons, failures and counts come out exactly, and both ends have counted the same. */
import { describe, expect, test, vi } from 'vitest';
import type { Client } from '../../src/clients/client.js';
import { resumed } from '../../src/policies/resumed.js';
import type { ConnectionCounts } from '../../src/result/schema.js';
import { carryOut, type Account, type Plan } from '../fakes/exchange.js';
import { senders } from '../fakes/senders.js';
import { expectLaws } from '../fakes/laws.js';
import * as zoo from '../servers/zoo/index.js';
import { MEETINGS, type Expected, type Meeting } from '../servers/zoo/meetings.js';
import type { Member, ZooServer } from '../servers/zoo/member.js';

const members = Object.values(zoo);

describe('the zoo', () => {
  test('has at least 25 members, each with a name of its own and one sentence', () => {
    expect(members.length).toBeGreaterThanOrEqual(25);
    expect(new Set(members.map(({ kind }) => kind)).size).toBe(members.length);
    for (const { kind, summary } of members) {
      expect(kind).toMatch(/^[a-z0-9.-]+$/);
      expect(summary).toMatch(/^[a-z][^\n]{10,120}[^.\s]$/);
    }
  });

  test('is met as a whole', () => {
    const met = new Set([...MEETINGS.map(({ member }) => member), zoo.finRace]);
    expect(members.filter((member) => !met.has(member)).map(({ kind }) => kind)).toEqual([]);
  });
});

describe.each(senders)('$name meets a server that', ({ client }) => {
  test.each(MEETINGS.map((meeting) => [titled(meeting), meeting] as const))('%s', async (_title, { member, plan, expected, undici }) => {
    await meet(client, member, plan, client.kind === 'undici' ? { ...expected, ...undici } : expected);
  });

  // Whether the next request is written before the FIN is read is decided by the turns of the loop; what follows from either is not.
  test(`${zoo.finRace.summary}: the FIN or the request wins, and each is counted as what it was`, async () => {
    await visit(client, zoo.finRace, { exchanges: 8, warmup: 0 }, async ({ requests, connections }) => {
      const { 'stale-reuse': lost = 0, 'server-idle-close': won = 0, ...others } = connections.closedBy;
      expect(others).toEqual({});
      expect(requests.failures).toEqual(lost > 0 ? { stale: lost } : {});
      expect([requests.completed, connections.opened]).toEqual([8 - lost, lost + won]);
      expect(connections.opened, 'each response took its connection along').toBe(requests.completed);
    });
  });

  test('is left alone at once when the round is stopped in the middle of an exchange', async () => {
    await visit(client, zoo.patient, { exchanges: 3, cutShort: 2 }, async ({ requests, connections }, server) => {
      expect(requests.completed + requests.warmup.completed).toBe(3);
      expect(requests.failures).toEqual({ stopped: 2 });
      expect(connections.warmup.closedBy).toEqual({ stopped: 1 });
      await vi.waitFor(() => expect(server.counts().open).toBe(0), { timeout: 5000, interval: 2 });
      expect(server.counts().connections, 'no connection for requests that were given up').toBe(1);
    });
  });

  test.each([zoo.ticketless, zoo.ticketless13])('$summary: the promise of the policy is broken, not the count', async (member) => {
    const options = { connections: 1, closeBy: 'server' };
    await visit(client, member, { exchanges: 4, rules: resumed.rules(options) }, async ({ connections }) => {
      const promise = resumed.promise(4, options);
      expect(connections.tlsFull + connections.warmup.tlsFull).toBeGreaterThan(promise.tlsFull.max);
      expect(connections.tlsResumed).toBeLessThan(promise.tlsResumed.min);
      expect(connections.opened + connections.warmup.opened).toBe(promise.opened.max);
    });
  });
});

async function meet(client: Client, member: Member, plan: Plan, expected: Expected): Promise<void> {
  await visit(client, member, plan, async ({ requests, connections }, server) => {
    const opened = sum(expected.closedBy);
    const [tlsFull, tlsResumed, tlsFailed] = expected.tls ?? [0, 0, 0];
    const both = (of: (counts: ConnectionCounts) => number): number => of(connections) + of(connections.warmup);
    expect({
      completed: requests.completed + requests.warmup.completed,
      failures: added(requests.failures, requests.warmup.failures),
      openedBecause: added(connections.openedBecause, connections.warmup.openedBecause),
      closedBy: added(connections.closedBy, connections.warmup.closedBy),
      opened: both((counts) => counts.opened),
      tls: [both((counts) => counts.tlsFull), both((counts) => counts.tlsResumed), both((counts) => counts.tlsFailed)],
    }).toEqual({
      completed: expected.completed,
      failures: expected.failures ?? {},
      openedBecause: expected.openedBecause,
      closedBy: expected.closedBy,
      opened,
      tls: [tlsFull, tlsResumed, tlsFailed],
    });

    const sent = requests.sent + requests.warmup.sent;
    const seen = { connections: opened, requests: expected.served ?? sent, tlsFull, tlsResumed };
    await vi.waitFor(() => expect(server.counts()).toMatchObject(seen), { timeout: 5000, interval: 2 });
    await server.stop();
    expect(server.counts(), 'nothing came late').toMatchObject(seen);
    if (expected.served === undefined) expect(distribution(server.perConnection())).toEqual(carrying(connections.requestsPerConnection));
  });
}

function titled({ member, when }: Meeting): string {
  return when === '' ? member.summary : `${member.summary}: ${when}`;
}

/** Lets the client carry the plan out against the member, and checks what always holds. */
async function visit(client: Client, member: Member, plan: Plan, check: (account: Account, server: ZooServer) => Promise<void>): Promise<Account> {
  const server = await member.start();
  try {
    const account = await carryOut(client, server.endpoint, plan);
    expectLaws(account);
    await check(account, server);
    return account;
  } finally {
    await server.stop();
  }
}

type Counts = Readonly<Record<string, number>>;

function added(a: Counts, b: Counts): Counts {
  const total: Record<string, number> = { ...a };
  for (const [key, count] of Object.entries(b)) total[key] = (total[key] ?? 0) + count;
  return total;
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** How many connections brought how many requests, those without any left out. */
function distribution(perConnection: readonly number[]): Counts {
  return perConnection.reduce<Counts>((counts, requests) => (requests === 0 ? counts : added(counts, { [requests]: 1 })), {});
}

function carrying({ 0: _unused, ...counts }: Counts): Counts {
  return counts;
}
