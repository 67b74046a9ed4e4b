import { describe, expect, test } from 'vitest';
import { checkBudget } from '../../src/engine/budget.js';
import type { Budget } from '../../src/engine/host.js';
import { RequestError } from '../../src/errors.js';
import type { Endpoint } from '../../src/net/endpoint.js';
import { scenarioFromUrl, type Flags } from '../../src/scenario/from-url.js';
import { plan } from '../../src/scenario/plan.js';
import type { Scenario } from '../../src/scenario/scenario.js';

const REMOTE = { address: '192.0.2.7', port: 443 } as Endpoint;
const LINUX: Budget = { ports: 28_232, portHeldMs: 60_000, fdLimit: 1024, openFds: 24 };
const FRESH: Flags = { arm: ['fresh'], rate: '600/s', duration: '60s', warmup: '0s', blocks: '1' };

function refusal(flags: Flags, budget: Budget = LINUX, change: (scenario: Scenario) => Scenario = (scenario) => scenario): string | null {
  try {
    checkBudget(plan(change(scenarioFromUrl('https://192.0.2.7/', { seed: '1', ...flags })), 1, 4), REMOTE, budget);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    return (error as RequestError).message;
  }
}

const closingBy = (closeBy: string) => (scenario: Scenario): Scenario => ({ ...scenario, arms: scenario.arms.map((arm) => ({ ...arm, options: { ...arm.options, closeBy } })) });

describe('local ports', () => {
  test('that cannot be enough are refused with the arithmetic and the remedies', () => {
    const message = refusal(FRESH, LINUX, closingBy('client'));
    expect(message).toMatch(/opens 36,000 connections to 192\.0\.2\.7:443 within 1m .*28,232 \/ 1m = 470 fresh connections a second/);
    expect(message).toMatch(/closeBy: reset.*target\.localAddress.*at most 470/);
  });

  test('are enough at 470 connections a second', () => {
    expect(refusal({ ...FRESH, rate: '470/s' }, LINUX, closingBy('client'))).toBeNull();
  });

  test('are counted over the busiest minute: rounds that reuse leave theirs alone', () => {
    expect(refusal({ ...FRESH, arm: ['reused', 'fresh'], duration: '10s', blocks: '4', rate: '700/s' }, LINUX, closingBy('client'))).toBeNull();
    expect(refusal({ ...FRESH, arm: ['reused', 'fresh'], duration: '10s', blocks: '4', rate: '1000/s' }, LINUX, closingBy('client'))).not.toBeNull();
  });

  test('come back in a long pause between rounds', () => {
    const rounds: Flags = { ...FRESH, duration: '10s', blocks: '4', rate: '1000/s' };
    expect(refusal(rounds, LINUX, closingBy('client'))).not.toBeNull();
    expect(refusal({ ...rounds, washout: '20s' }, LINUX, closingBy('client'))).toBeNull();
  });

  test('are not held by a reset, nor where the kernel takes them again after a second, nor by a kept connection', () => {
    expect(refusal(FRESH, LINUX, closingBy('reset'))).toBeNull();
    expect(refusal(FRESH, { ...LINUX, portHeldMs: 1000 }, closingBy('client'))).toBeNull();
    expect(refusal({ ...FRESH, arm: ['reused'] })).toBeNull();
  });

  test('are not judged where the system does not tell', () => {
    expect(refusal(FRESH, { ports: null, portHeldMs: null, fdLimit: null, openFds: null }, closingBy('client'))).toBeNull();
  });
});

test('more sockets than the process may open are refused, with the limit to ask for', () => {
  const message = refusal({ ...FRESH, rate: '10/s', connections: '2000', maxInFlight: '5000' });
  expect(message).toMatch(/arm fresh may need 2,000 sockets at once, but this process may open 1,024 files and has 24 open already.*ulimit -n 2124/);
  expect(refusal({ ...FRESH, rate: '10/s', connections: '1000', maxInFlight: '5000' })).toBeNull();
});
