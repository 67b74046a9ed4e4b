/** Scenario → Plan: who runs when, with which seed. Pure: the same scenario and seed give the same plan. */
import { choose, withDefaults, type AnyOptions, type ConnectionRules } from '../define.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';
import { randomFrom, shuffled } from '../random.js';
import { formatCount } from '../units.js';
import { FEWEST_BLOCKS_UNTIL } from './defaults.js';
import type { Arm, Scenario } from './scenario.js';

export interface Plan {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Threads for the whole run, the same for every arm. */
  readonly workers: number;
  readonly model: 'open' | 'closed';
  readonly pacerOptions: AnyOptions;
  readonly arms: readonly PlannedArm[];
  /** All that may run; with `until` the run may end after any block from the fewest on. */
  readonly rounds: readonly PlannedRound[];
  readonly blocks: { readonly fewest: number; readonly most: number };
  /** What the plan changed or cannot do, in sentences. */
  readonly notes: readonly string[];
}

export interface PlannedArm extends Arm {
  readonly rules: ConnectionRules;
}

export interface PlannedRound {
  readonly index: number;
  readonly block: number;
  readonly arm: number;
  /** The same for every arm of a block: common random numbers. */
  readonly seed: number;
}

/** @param cores how many the machine has */
export function plan(scenario: Scenario, seed: number, cores: number): Plan {
  const pacer = choose(pacers, scenario.load.pacer, 'pacer');
  const arms = scenario.arms.map((arm) => {
    const policy = choose(policies, arm.policy, 'policy');
    const options = withDefaults(policy.options, arm.options);
    return { ...arm, options, rules: policy.rules(options) };
  });
  const pacerOptions = withDefaults(pacer.options, scenario.load.options);
  const notes: string[] = [];

  const asked = scenario.load.workers || Math.max(1, Math.floor(cores / 2) - 1);
  const fewest = Math.min(...arms.map((arm) => arm.rules.connections), ...(pacer.model === 'closed' ? [pacer.inFlight(pacerOptions)] : []));
  const workers = Math.min(asked, fewest);
  if (workers < asked) notes.push(`${workers} of ${asked} workers are used: there are not more connections to share out.`);
  for (const arm of arms) {
    if (arm.rules.restNs > 0 && pacer.model === 'open') {
      const most = (arm.rules.connections / arm.rules.restNs) * 1e9;
      const asks = pacer.expected(pacerOptions, scenario.load.durationNs) / (scenario.load.durationNs / 1e9);
      if (asks > most) notes.push(`Arm ${arm.name} can send at most ${formatCount(most)}/s (${arm.rules.connections} connections, each resting between requests), but ${formatCount(asks)}/s are asked: requests will wait and be shed.`);
    }
  }
  const blocks = blocksOf(scenario);
  return { scenario, seed, workers, model: pacer.model, pacerOptions, arms, rounds: order(arms.length, blocks.most, seed), blocks, notes };
}

function blocksOf({ blocks, until }: Scenario): Plan['blocks'] {
  if (until === null) return { fewest: blocks, most: blocks };
  const fewest = Math.max(FEWEST_BLOCKS_UNTIL, blocks);
  return { fewest, most: Math.max(fewest, until.maxBlocks) };
}

/**
 * Interleaved blocks. Two arms: ABBA or BAAB by a seeded coin. More: a row of a random Latin square, then its mirror, so that over k blocks every arm starts
 * equally often and within each block linear drift cancels. One arm: two rounds a block. Drawn block by block, so that a plan of
 * fewer blocks is the beginning of a longer one: when a run ends says nothing about the order it ran in.
 */
function order(arms: number, blocks: number, seed: number): PlannedRound[] {
  const random = randomFrom(seed, 1);
  const rounds: PlannedRound[] = [];
  let rows: number[][] = [];
  for (let block = 0; block < blocks; block++) {
    if (rows.length === 0) rows = arms === 2 ? [shuffled([0, 1], random)] : latinRows(arms, random);
    const row = rows.pop() ?? [];
    const blockSeed = Math.floor(random() * 2 ** 32) | 0;
    for (const arm of [...row, ...row.toReversed()]) rounds.push({ index: rounds.length, block, arm, seed: blockSeed });
  }
  return rounds;
}

/** The rows of a cyclic Latin square with shuffled symbols, in random order. */
function latinRows(size: number, random: () => number): number[][] {
  const symbols = shuffled(Array.from({ length: size }, (_, index) => index), random);
  return shuffled(symbols.map((_, shift) => symbols.map((_symbol, place) => symbols[(place + shift) % size] ?? 0)), random);
}
