/** Whether we and the target count the same: requests, connections and handshakes of every way to use connections. */
import type { DemoTarget } from '../demo/start.js';
import type { RunIdentity } from '../engine/describe.js';
import { run } from '../engine/run.js';
import type { RoundResult } from '../result/schema.js';
import { scenarioFromUrl } from '../scenario/from-url.js';
import { plan } from '../scenario/plan.js';
import { formatDuration } from '../units.js';

/** What one end counted. */
export interface Counted {
  readonly requests: number;
  readonly opened: number;
  readonly tlsFull: number;
  readonly tlsResumed: number;
}

export interface CountsOutcome {
  readonly policy: string;
  readonly ours: Counted;
  readonly target: Counted;
  readonly equal: boolean;
}

const POLICIES = ['reused', 'fresh', 'resumed'];
const RATE_PER_S = 200;

/**
 * A run of each policy over https, and what the target itself counted meanwhile.
 * @throws TrustError when the books of a round do not balance
 */
export async function compareCounts(target: DemoTarget, windowNs: number, identity: RunIdentity, cores: number): Promise<readonly CountsOutcome[]> {
  const outcomes: CountsOutcome[] = [];
  for (const policy of POLICIES) {
    const flags = { arm: [policy], rate: `${RATE_PER_S}/s`, pacer: 'constant', duration: formatDuration(windowNs), warmup: formatDuration(windowNs / 10), blocks: '1', connections: '4', ca: target.ca, name: 'selftest' };
    const planned = plan(scenarioFromUrl(target.httpsUrl, flags), 1, cores);
    const before = await countedBy(target);
    const { rounds } = await run(planned, identity, () => {}, SILENT, NEVER);
    const after = await countedBy(target);
    const seen = { requests: after.requests - before.requests, opened: after.opened - before.opened, tlsFull: after.tlsFull - before.tlsFull, tlsResumed: after.tlsResumed - before.tlsResumed };
    const ours = countedByUs(rounds);
    outcomes.push({ policy, ours, target: seen, equal: COUNTED.every((what) => ours[what] === seen[what]) });
  }
  return outcomes;
}

export const COUNTED = ['requests', 'opened', 'tlsFull', 'tlsResumed'] as const satisfies readonly (keyof Counted)[];

/** Everything that the target of an https run should have seen: every round, warm-up included, and the preflight's one request on a connection of its own. */
export function countedByUs(rounds: readonly RoundResult[]): Counted {
  const total = { requests: 1, opened: 1, tlsFull: 1, tlsResumed: 0 };
  for (const { requests, connections } of rounds) {
    total.requests += requests.sent + requests.warmup.sent;
    for (const part of [connections, connections.warmup]) {
      total.opened += part.opened;
      total.tlsFull += part.tlsFull;
      total.tlsResumed += part.tlsResumed;
    }
  }
  return total;
}

async function countedBy(target: DemoTarget): Promise<Counted> {
  const { requests, connections, tlsFull, tlsResumed } = (await target.counts()).https;
  return { requests, opened: connections, tlsFull, tlsResumed };
}

const SILENT = { begun() {}, progress() {}, ended() {} };
const NEVER = { requested: false, onStop() {} };
