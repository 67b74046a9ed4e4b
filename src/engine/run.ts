/** Plan → what happened: round by round, each written down as it ends. */
import { cpuUsage, hrtime } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicClock } from '../measure/clock.js';
import { seriesResult } from '../measure/series.js';
import { mergeTallies } from '../measure/tally.js';
import type { Endpoint } from '../net/endpoint.js';
import type { JournalLine, RawRun, RunEnd, StopReason } from '../result/journal.js';
import type { RoundResult, RunRecord } from '../result/schema.js';
import type { Plan, PlannedRound } from '../scenario/plan.js';
import { NS_PER_MS } from '../units.js';
import { checkBooks } from './books.js';
import { checkBudget } from './budget.js';
import { Crew } from './crew.js';
import { describeRun, type RunIdentity } from './describe.js';
import { budgetFor, portsInTimeWait } from './host.js';
import type { Assignment, LiveCounts } from './messages.js';
import { observeRound } from './observe.js';
import { preflight } from './preflight.js';
import { resolveEndpoints } from './resolve.js';
import { stopsAfter, type Enough } from './stopping.js';
import { withWarmup } from './warmup.js';
import { TAKEN_SHARE, washOut, type Washout } from './washout.js';

const PROGRESS_EVERY_MS = 250;

export interface RunObserver {
  /** The preflight went well, and the record is written. The plan is the one asked for, its warm-up as long as this target needs. */
  begun(record: RunRecord, plan: Plan): void;
  /** Four times a second while a round runs. */
  progress(round: PlannedRound, live: LiveCounts, elapsedNs: number): void;
  ended(round: RoundResult): void;
}

/** For a run that has its number of blocks and needs nobody to end it. */
const NEVER: Enough = () => false;

/** What can end a run early: asked between rounds, and told about a stop. */
export interface Interruption {
  /** True after the first interrupt: the round under way is the last. */
  readonly requested: boolean;
  /** Called at the second interrupt. */
  onStop(stop: () => void): void;
}

/**
 * Runs the plan. Every line goes to the journal before the next round starts.
 * @param enough asked after each block of a plan that goes on until it is precise
 * @throws RequestError when the target cannot be reached at all, or the plan needs more ports or sockets than this host has; TrustError when the books do not balance
 */
export async function run(asked: Plan, identity: RunIdentity, journal: (line: JournalLine) => void, observer: RunObserver, interruption: Interruption, enough: Enough = NEVER): Promise<RawRun> {
  const epoch = hrtime.bigint();
  const clock = monotonicClock(epoch);
  const { endpoint, tls, took } = await preflight(asked.scenario, await resolveEndpoints(asked.scenario), clock);
  const plan = withWarmup(asked, took);
  const budget = budgetFor(endpoint);
  checkBudget(plan, endpoint, budget);
  const record = describeRun(plan, identity, endpoint, tls);
  journal({ type: 'run', ...record });
  observer.begun(record, plan);

  const washout: Washout = {
    leastNs: plan.scenario.load.washoutNs,
    portsTaken: () => portsInTimeWait(endpoint, budget, (budget.ports ?? 0) * TAKEN_SHARE),
    ports: budget.ports,
    sleep,
    nowNs: clock.nowNs,
    interrupted: () => stopped || interruption.requested,
  };
  const begunNs = clock.nowNs();
  const crew = new Crew(plan.workers);
  const rounds: RoundResult[] = [];
  let stopped = false;
  let reason: StopReason | null = null;
  interruption.onStop(() => {
    stopped = true;
    crew.stop();
  });
  try {
    for (const planned of plan.rounds) {
      if (interruption.requested || stopped) break;
      if (planned.index > 0) await washOut(washout);
      if (interruption.requested || stopped) break;
      const round = await runRound(planned);
      if (stopped) break; // cut short: not a round
      checkBooks(round, endpoint.secure);
      journal({ type: 'round', ...round });
      rounds.push(round);
      observer.ended(round);
      if (plan.rounds[planned.index + 1]?.block === planned.block) continue;
      reason = stopsAfter(plan, planned.block + 1, clock.nowNs() - begunNs, () => enough({ record, rounds }));
      if (reason !== null) break;
    }
  } finally {
    await crew.dismiss();
  }
  const end: RunEnd = { complete: reason !== null || rounds.length === plan.rounds.length, durationMs: Math.round(clock.nowNs() / NS_PER_MS), ...(reason && { stopped: reason }) };
  if (!stopped) journal({ type: 'end', ...end });
  return { record, rounds, ...end };

  async function runRound(planned: PlannedRound): Promise<RoundResult> {
    const arm = plan.arms[planned.arm]!;
    let startNs = clock.nowNs();
    const observed = observeRound(budget, clock.nowNs);
    const cpu = cpuUsage();
    const progress = setInterval(() => {
      const live = crew.live();
      if (live !== null) observer.progress(planned, live, clock.nowNs() - startNs);
    }, PROGRESS_EVERY_MS);
    try {
      const tallies = await crew.round((worker, control) => assignment(plan, planned, endpoint, worker, control, epoch), clock, (atNs) => (startNs = atNs));
      const { user, system } = cpuUsage(cpu);
      const { requests, connections, histograms, over60s, loopUtilization, longestTurnMs, self, series, strip } = mergeTallies(tallies);
      return {
        index: planned.index,
        block: planned.block,
        arm: arm.name,
        startedAtMs: startNs / NS_PER_MS,
        warmupMs: plan.scenario.load.warmupNs / NS_PER_MS,
        windowMs: plan.scenario.load.durationNs / NS_PER_MS,
        requests,
        connections,
        histograms,
        generator: { cpuMs: (user + system) / 1000, loopUtilization, longestTurnMs, over60s },
        observed: observed(self),
        series: seriesResult(series),
        ...(strip && { strip }),
      };
    } finally {
      clearInterval(progress);
    }
  }
}

/** One worker's part of a round of the plan. */
export function assignment(plan: Plan, planned: PlannedRound, endpoint: Endpoint, worker: number, control: SharedArrayBuffer, epoch: bigint): Assignment {
  const { scenario } = plan;
  const { client, policy, options } = plan.arms[planned.arm]!;
  const { load } = scenario;
  return {
    worker,
    workers: plan.workers,
    epoch,
    control,
    client,
    policy,
    options,
    endpoint,
    requests: scenario.target.requests,
    timeouts: scenario.timeouts,
    pacer: load.pacer,
    pacerOptions: plan.pacerOptions,
    seed: planned.seed,
    warmupNs: load.warmupNs,
    windowNs: load.durationNs,
    maxInFlight: load.maxInFlight,
    pacing: load.pacing,
    expectStatus: scenario.target.expectStatus,
    strip: worker === 0 && plan.rounds.find(({ arm }) => arm === planned.arm) === planned,
  };
}
