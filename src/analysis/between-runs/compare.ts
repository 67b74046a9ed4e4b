/** Two runs of the same arms, compared: what lies between them, and how far that can be believed. */
import { RequestError } from '../../errors.js';
import { RUN_COMPARISON_VERSION, type ArmCounts, type RunComparison, type RunSide } from '../../result/run-comparison-schema.js';
import type { ArmResult, Result } from '../../result/schema.js';
import { completeBlocks } from '../blocks.js';
import { changesOf, savingsOf } from './changes.js';
import { declaredTogether } from './declared.js';
import { differencesOf, inWords } from './differences.js';
import { warningOf } from './warning.js';
import { decideRunVerdict } from './verdict.js';

export interface CompareOptions {
  /** Declared by who has measured it: how far runs of the same thing lie apart, in ms; null: judged by what moved all arms alike. */
  readonly runToRunMs: number | null;
  /** Version of the program that compares. */
  readonly version: string;
}

/**
 * Compares b with a, arm by arm, by name. Pure: the same two results give the same comparison.
 * @throws RequestError when both are the same run, or have no arm in common
 */
export function compareRuns(a: Result, b: Result, { runToRunMs, version }: CompareOptions): RunComparison {
  if (a.run.id === b.run.id) throw new RequestError('both files hold the same run', 'give the files of two runs');
  const names = (result: Result): string[] => result.arms.map(({ name }) => name);
  const common = names(a).filter((name) => names(b).includes(name));
  if (common.length === 0) throw new RequestError(`the runs have no arm in common: a has ${list(names(a))}; b has ${list(names(b))}`, 'arms are matched by name; give two runs of one scenario');

  const differences = differencesOf(a, b);
  const hindrance = (arm: string): string => {
    const why = differences.filter((difference) => difference.hinders && (difference.arm === null || difference.arm === arm));
    return why.length === 0 ? '' : `not comparable: ${why.map(inWords).join(', ')}`;
  };
  const blocks = { a: completeBlocks({ record: a, rounds: a.rounds }), b: completeBlocks({ record: b, rounds: b.rounds }) };
  const baseline = [a.plan.baseline, b.plan.baseline].find((name) => common.includes(name)) ?? common[0] ?? '';
  const declared = declaredTogether(a, b);
  const evidence = {
    warning: warningOf(a, b),
    declared: { quantiles: [...declared.quantiles], sentence: declared.sentence },
    a: sideOf(a, blocks.a.length),
    b: sideOf(b, blocks.b.length),
    baseline,
    runToRunMs,
    arms: common.map((name) => ({ name, a: countsOf(armOf(a, name)), b: countsOf(armOf(b, name)) })),
    notCompared: { onlyInA: names(a).filter((name) => !common.includes(name)), onlyInB: names(b).filter((name) => !common.includes(name)) },
    differences,
    changes: changesOf(blocks, common, declared, runToRunMs, hindrance),
    savings: savingsOf(blocks, baseline, common, declared, hindrance),
  };
  const headline = common.find((name) => name !== baseline && armOf(a, name).policy === 'reused') ?? common.find((name) => name !== baseline) ?? baseline;
  return { schemaVersion: RUN_COMPARISON_VERSION, kind: 'run-comparison', tool: { name: 'sameconn', version }, ...evidence, verdict: decideRunVerdict(evidence, headline) };
}

function sideOf(result: Result, blocks: number): RunSide {
  const { run, target, verdict, gates } = result;
  const { id, name, startedAt, durationMs, complete, seed } = run;
  const failedChecks = gates.filter((gate) => gate.state === 'fail').map((gate) => `${gate.id} ${gate.title}`);
  return { id, name, startedAt, durationMs, complete, seed, target: target.url, blocks, verdict: { ...verdict }, failedChecks };
}

function armOf({ arms }: Result, wanted: string): ArmResult {
  const arm = arms.find(({ name }) => name === wanted);
  if (!arm) throw new Error(`no arm ${wanted}`);
  return arm;
}

function countsOf({ totals: { requests, connections }, promise }: ArmResult): ArmCounts {
  const { completed, failed, aborted, shed } = requests;
  const { opened, tlsFull, tlsResumed } = connections;
  return {
    completed, failed, aborted, shed, opened, tlsFull, tlsResumed,
    handshakesPer100: completed === 0 ? null : (100 * opened) / completed,
    promiseHeld: promise.rounds === 0 ? null : promise.held,
    promise: promise.sentence,
  };
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
