/** What every test of a peer asks of it: the two questions, with waits that its short timeouts allow. */
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

/** A timeout is measured to 0.1 s, and a machine that is held up for longer spoils a measurement: once or twice, not three times. */
export const DISTURBED = { retry: 2 };

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
