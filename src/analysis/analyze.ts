/** From what was measured to what it means: arms, comparisons, gates, verdict and expectations. */
import type { RawRun } from '../result/journal.js';
import { METRICS, type ArmResult, type Metric, type Result, type RoundResult, type RunRecord } from '../result/schema.js';
import { mergeConnections, mergeHistograms, mergeRequests } from '../measure/tally.js';
import { completeBlocks } from './blocks.js';
import { compareArms } from './comparisons.js';
import { judgeExpectations } from './expectations.js';
import type { Evidence, Gate } from './gate.js';
import * as gates from './gates/index.js';
import { precisionOf } from './precision.js';
import { judgePromise } from './promises.js';
import { decideVerdict } from './verdict.js';

/**
 * The whole analysed result of a run. Pure: the same run gives the same result, byte for byte, whether it has just ended or is read back.
 * Totals hold every round that was measured; comparisons hold only complete blocks, so an interrupted run is compared on equal shares.
 */
export function analyze(raw: RawRun): Result {
  const { run, arms: planned, expectations, ...record } = raw.record;
  const arms = planned.map((arm) => armResult(arm, raw.rounds.filter((round) => round.arm === arm.name), raw.record));
  const blocks = completeBlocks(raw);
  const precision = precisionOf(raw);
  const evidence: Evidence = {
    ...record,
    plan: carriedOut(raw),
    run: { ...run, complete: raw.complete, durationMs: raw.durationMs },
    arms,
    rounds: [...raw.rounds],
    comparisons: compareArms(blocks, record.plan.baseline, planned.map((arm) => arm.name), record.plan.declared),
    ...(precision && { precision }),
  };
  const outcomes = Object.values<Gate>(gates).toSorted(byId).map((gate) => gate.check(evidence));
  return { ...evidence, gates: outcomes, verdict: decideVerdict(evidence, outcomes), expectations: judgeExpectations(expectations, arms, blocks, record.plan.declared), ...(raw.probe === undefined ? {} : { probe: raw.probe }) };
}

/** A run that ended when it was precise enough was as long as it was: the blocks that were not needed are no part of its plan. */
function carriedOut({ record: { plan }, rounds, complete }: RawRun): RunRecord['plan'] {
  if (!plan.until || !complete) return plan;
  const blocks = 1 + Math.max(-1, ...rounds.map((round) => round.block));
  return { ...plan, blocks, order: plan.order.slice(0, blocks) };
}

/** G2 before G10. */
function byId(a: Gate, b: Gate): number {
  return Number(a.id.slice(1)) - Number(b.id.slice(1));
}

function armResult(arm: RunRecord['arms'][number], rounds: readonly RoundResult[], record: RunRecord): ArmResult {
  const latencyMs = METRICS.map((metric) => [metric, mergeHistograms(rounds.map((round) => round.histograms[metric])).summary()]);
  return {
    ...arm,
    totals: {
      requests: mergeRequests(rounds.map((round) => round.requests)),
      connections: mergeConnections(rounds.map((round) => round.connections)),
      latencyMs: Object.fromEntries(latencyMs) as Record<Metric, ArmResult['totals']['latencyMs'][Metric]>,
    },
    promise: judgePromise(arm, rounds, overTls(record)),
  };
}

function overTls({ target }: RunRecord): boolean {
  return target.tls !== null || /^https:/i.test(target.url);
}
