/** How long a warm-up must be to be over when the window begins: what the preflight saw of the target, against what was asked. */
import { choose, type Ns } from '../define.js';
import * as pacers from '../pacers/index.js';
import type { Plan } from '../scenario/plan.js';
import { formatDuration, NS_PER_MS, NS_PER_S } from '../units.js';

/** How long the target took to open a connection, and to answer on it. */
export interface FirstExchange {
  readonly handshakeNs: Ns;
  readonly serviceNs: Ns;
}

const LONGEST_NS = 10 * NS_PER_S;
/** A first exchange takes some tens of ms more than the target does, while our own code is loaded: below this there is nothing to make longer. */
const NEAR_NS = 250 * NS_PER_MS;

/**
 * The plan with its warm-up as long as asked, and until every connection of the pool can have served two requests, whichever is later.
 *
 * While the first handshakes are under way (H), every arrival opens another connection, rate · H in all; two requests for each are 2 · rate · H more arrivals,
 * which take 2 · H; the last are over after two services (S): 3 · H + 2 · S. A closed loop needs less, H + 2 · S.
 *
 * Longer for all arms and all blocks alike, and known before the first round, rather than waited for in each round: the arms of a block must measure the same
 * arrivals, and the same seed the same schedule. So it is left as asked where the load changes by a schedule of its own (the window would see another part of it), and where no warm-up is asked.
 */
export function withWarmup(plan: Plan, { handshakeNs, serviceNs }: FirstExchange): Plan {
  const { load } = plan.scenario;
  const neededNs = Math.min(LONGEST_NS, Math.ceil((3 * handshakeNs + 2 * serviceNs) / (10 * NS_PER_MS)) * 10 * NS_PER_MS);
  if (load.warmupNs === 0 || neededNs < NEAR_NS || neededNs <= load.warmupNs) return plan;
  const slow = `opening a connection to the target takes ${formatDuration(Math.round(handshakeNs / NS_PER_MS) * NS_PER_MS)} and an answer ${formatDuration(Math.round(serviceNs / NS_PER_MS) * NS_PER_MS)}`;
  if (!isSteady(plan)) return noted(plan, `The warm-up may be too short: ${slow}; ask for ${formatDuration(neededNs)}.`);
  const longer = { ...plan, scenario: { ...plan.scenario, load: { ...load, warmupNs: neededNs } } };
  return noted(longer, `The warm-up lasts ${formatDuration(neededNs)} in place of ${formatDuration(load.warmupNs)}: ${slow}.`);
}

/** The load is the same whenever the window begins. */
function isSteady({ scenario: { load }, pacerOptions }: Plan): boolean {
  const pacer = choose(pacers, load.pacer, 'pacer');
  if (pacer.model === 'closed') return true;
  const whole = pacer.expected(pacerOptions, 2 * LONGEST_NS);
  return [1, 2, 4, 8, 16].every((part) => Math.abs(pacer.expected(pacerOptions, (2 * LONGEST_NS) / part) * part - whole) <= 1e-6 * whole);
}

function noted(plan: Plan, note: string): Plan {
  return { ...plan, notes: [...plan.notes, note] };
}
