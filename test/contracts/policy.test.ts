import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as clients from '../../src/clients/index.js';
import { withDefaults, type AnyOptions, type Policy, type Range } from '../../src/define.js';
import { startDemoTarget, type DemoTarget, type TargetCounts } from '../../src/demo/start.js';
import * as policies from '../../src/policies/index.js';
import { runRound } from '../fakes/assignment.js';

// The definition of done of a policy: its rules make sense, its promise is possible, and with every client it holds, as the server's own count confirms.

const SMALL = { connections: 4 };
/** Few requests must be enough to see a policy at work; what has no line here is tried with its defaults. */
const OPTIONS: Readonly<Record<string, AnyOptions>> = { capped: { requests: 5 }, 'idle-gap': { gap: 5e6 } };

const optionsOf = (policy: Policy): AnyOptions => withDefaults(policy.options, { ...('connections' in policy.options ? SMALL : {}), ...OPTIONS[policy.kind] });

let target: DemoTarget;
beforeAll(async () => {
  target = await startDemoTarget();
});
afterAll(() => target.stop());

describe.each(Object.values(policies).map((policy) => [policy.kind, policy] as const))('the %s policy', (kind, policy) => {
  test('has rules that a client can carry out', () => {
    const rules = policy.rules(optionsOf(policy));
    expect(rules.connections).toBeGreaterThanOrEqual(1);
    expect(rules.requestsPerConnection).toBeGreaterThanOrEqual(1);
    expect(rules.restNs).toBeGreaterThanOrEqual(0);
    for (const client of Object.values(clients)) expect([true, expect.stringMatching(/\w/)]).toContainEqual(client.supports(rules));
    expect(policy.summary).toMatch(/\w+ \w+/);
  });

  test('promises what is possible, for any number of requests', () => {
    const possible = ({ min, max }: Range, requests: number): boolean => Number.isInteger(min) && min >= 0 && min <= max && max >= Math.min(1, requests) * min;
    fc.assert(
      fc.property(fc.nat(100_000), (requests) => {
        const { opened, tlsFull, tlsResumed } = policy.promise(requests, optionsOf(policy));
        return possible(opened, requests) && possible(tlsFull, requests) && possible(tlsResumed, requests) && opened.min <= requests && tlsFull.min <= opened.max;
      }),
    );
  });

  describe.each(Object.values(clients))('carried out by the $kind client', (client) => {
    test.each(['http', 'https'] as const)('keeps its promise over %s, and the server counts the same', async (scheme) => {
      const before = (await target.counts())[scheme];
      const options = optionsOf(policy);
      const written = [`connections=4`, ...Object.entries(OPTIONS[kind] ?? {}).map(([name, value]) => `${name}=${name === 'gap' ? `${Number(value) / 1e6}ms` : String(value)}`)];
      const ours = await runRound(scheme === 'https' ? target.httpsUrl : target.httpUrl, { arm: [`${kind}:${written.join(',')}`], client: client.kind, pacer: 'constant', rate: '200/s', duration: '300ms', warmup: '100ms', ca: target.ca });
      const after = (await target.counts())[scheme];
      const { connections, requests } = ours;
      const sum = (key: 'opened' | 'tlsFull' | 'tlsResumed'): number => connections[key] + connections.warmup[key];
      const reached = requests.sent + requests.warmup.sent;
      const promise = policy.promise(reached, options);
      expect(reached).toBe(80);
      expect(inside(sum('opened'), promise.opened)).toBe(true);
      if (scheme === 'https') expect([inside(sum('tlsFull'), promise.tlsFull), inside(sum('tlsResumed'), promise.tlsResumed)]).toEqual([true, true]);
      const theirs = (key: keyof TargetCounts['http']): number => after[key] - before[key];
      expect({ opened: sum('opened'), tlsFull: sum('tlsFull'), tlsResumed: sum('tlsResumed'), requests: reached }).toEqual({ opened: theirs('connections'), tlsFull: theirs('tlsFull'), tlsResumed: theirs('tlsResumed'), requests: theirs('requests') });
      // The target reads the last FINs in its own time, after we have sent them.
      await vi.waitFor(async () => expect((await target.counts())[scheme].open).toBe(0), { timeout: 5000, interval: 5 });
    });
  });
});

function inside(count: number, { min, max }: Range): boolean {
  return count >= min && count <= max;
}
