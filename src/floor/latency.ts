/** What the wire client adds to a request, and how late requests leave, on a host that asks a target which does nothing. */
import { hrtime } from 'node:process';
import { Crew } from '../engine/crew.js';
import { assignment } from '../engine/run.js';
import { resolveEndpoints } from '../engine/resolve.js';
import { BARE } from '../engine/yardstick.js';
import { TrustError } from '../errors.js';
import { monotonicClock } from '../measure/clock.js';
import { mergeHistograms, mergeTallies, type WorkerTally } from '../measure/tally.js';
import type { HostFloor } from '../result/schema.js';
import { scenarioFromUrl } from '../scenario/from-url.js';
import { plan } from '../scenario/plan.js';
import { formatDuration, nsToMs } from '../units.js';

const RATE_PER_S = 1000;
/** Two rounds of 1 s in a block hold 2,000 requests a kind: 20 beyond p99. */
const BLOCKS = 3;
const KINDS = ['wire', BARE] as const;
type Kind = (typeof KINDS)[number];

/**
 * Rounds of the wire client and of bare sockets by turns (ABBA, BAAB, ABBA), on the same thread, with the same pacing and recording: 1,000 requests a second,
 * evenly spaced, on idle reused connections. A figure is the median of the blocks, since one stall of the host must not make the floor.
 * @throws TrustError when a request fails: the target is our own
 */
export async function measureLatency(url: string, windowNs: number, now: () => Date): Promise<HostFloor> {
  const flags = { arm: ['reused'], rate: `${RATE_PER_S}/s`, pacer: 'constant', duration: formatDuration(windowNs), warmup: formatDuration(windowNs / 4), blocks: '1', workers: '1', name: 'selftest' };
  const scenario = scenarioFromUrl(url, flags);
  const planned = plan(scenario, 1, 1);
  const [endpoint] = await resolveEndpoints(scenario);
  const epoch = hrtime.bigint();
  const clock = monotonicClock(epoch);
  const crew = new Crew(1, './yardstick.js');
  const blocks: Record<Kind, WorkerTally[]>[] = [];
  try {
    for (let block = 0; block < BLOCKS; block++) {
      const tallies: Record<Kind, WorkerTally[]> = { wire: [], bare: [] };
      for (const kind of block % 2 === 0 ? [...KINDS, ...KINDS.toReversed()] : [...KINDS.toReversed(), ...KINDS]) {
        const parts = await crew.round((worker, control) => ({ ...assignment(planned, planned.rounds[0]!, endpoint!, worker, control, epoch), client: kind }), clock, () => {});
        tallies[kind].push(undisturbed(mergeTallies(parts), kind));
      }
      blocks.push(tallies);
    }
  } finally {
    await crew.dismiss();
  }
  const served = (tallies: readonly WorkerTally[], quantile: number): number => nsToMs(mergeHistograms(tallies.map(({ self }) => self.served)).quantileNs(quantile));
  const bare = blocks.map((block) => ({ p50: served(block.bare, 0.5), p99: served(block.bare, 0.99) }));
  const added = blocks.map((block, index) => ({ p50: served(block.wire, 0.5) - bare[index]!.p50, p99: served(block.wire, 0.99) - bare[index]!.p99 }));
  return {
    measuredAt: now().toISOString(),
    ratePerS: RATE_PER_S,
    bareMs: medians(bare),
    addedMs: medians(added),
    blocks: added,
    lateMs: mergeHistograms(blocks.flatMap((block) => block.wire.map(({ histograms }) => histograms.late))).summary(),
  };
}

function undisturbed(tally: WorkerTally, kind: Kind): WorkerTally {
  const { planned, completed, shed, failures } = tally.requests;
  if (completed === planned) return tally;
  throw new TrustError(`${planned - completed} of ${planned} requests of the selftest (${kind}) were lost against our own target: ${JSON.stringify({ ...failures, shed })}`);
}

function medians(blocks: HostFloor['blocks']): HostFloor['addedMs'] {
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
  return { p50: median(blocks.map(({ p50 }) => p50)), p99: median(blocks.map(({ p99 }) => p99)) };
}
