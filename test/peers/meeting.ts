/** What every test of a peer asks of it: the two questions, with waits that its short timeouts allow. */
import { expect } from 'vitest';
import type { Answer } from '../../src/ask/answer.js';
import { ask } from '../../src/ask/ask.js';
import { ownClock } from '../../src/measure/clock.js';
import { probe, type ProbeOptions } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/result/probe.js';
import { scenarioFromUrl } from '../../src/scenario/from-url.js';

/** Faster than a stranger's server may be asked: these are our own, on loopback. */
const OWN = { connections: 8, requestsPerSecond: 400 };

/** Questions that only wait may wait side by side. */
export const TOGETHER = { concurrent: true };

/** A server that is held up closes late, and one that answers slowly looks as if it did one thing after another: once or twice, not three times. */
export const DISTURBED = { retry: 2 };

/**
 * The idle timeout is within 0.1 s of what it is configured to. The shortest of the waits is judged, since a server that is held up closes late and never early; and
 * it is judged by its bounds, since what this process was late to notice lies between them.
 */
export function expectIdle({ idle }: ProbeReport, configuredMs: number): void {
  expect(idle.samplesMs.length).toBeGreaterThan(0);
  const [least, most] = [0, 1].map((side) => Math.min(...idle.boundsMs.map((bounds) => bounds[side]!)));
  expect(least, 'no longer').toBeLessThanOrEqual(configuredMs + 100);
  expect(most, 'no shorter').toBeGreaterThanOrEqual(configuredMs - 100);
  for (const [n, sampleMs] of idle.samplesMs.entries()) expect([idle.boundsMs[n]![0] <= sampleMs, sampleMs <= idle.boundsMs[n]![1]], 'what is reported lies within its bounds').toEqual([true, true]);
}

export function probeIt(url: string, ca: string, options: Partial<ProbeOptions> & { readonly capMs: number }): Promise<ProbeReport> {
  const { capMs, ...given } = options;
  return probe(scenarioFromUrl(url, { ca }), { maxRequests: 150, slowPath: '', badRequest: false, limits: OWN, capNs: capMs * 1e6, ...given }, ownClock());
}

export function askIt(url: string, ca: string, { repeat = 2, gapMs = 0 } = {}): Promise<Answer> {
  return ask({ targets: [scenarioFromUrl(url, { ca })], repeat, gapNs: gapMs * 1e6, watchNs: 100e6 }, ownClock());
}

/** The outcome of each closing condition by its name. */
export function outcomes({ conditions }: ProbeReport): Readonly<Record<string, string>> {
  return Object.fromEntries(conditions.map(({ name, outcome }) => [name, outcome]));
}
