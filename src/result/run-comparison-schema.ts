/** What `sameconn compare` writes: two runs of the same arms, and what lies between them. */
import { z } from 'zod';
import { COMPARISON_STATES } from './schema.js';

export const RUN_COMPARISON_VERSION = '1.1.0';

const count = z.int().min(0);
const ms = z.number();

const runSide = z.object({
  id: z.string(),
  name: z.string(),
  startedAt: z.string(),
  durationMs: ms,
  complete: z.boolean(),
  seed: z.int(),
  target: z.string(),
  blocks: count.describe('complete ones: those that are compared'),
  verdict: z.object({ state: z.string(), sentence: z.string() }),
  failedChecks: z.array(z.string()).describe('gates that failed; with one of them there is no verdict'),
});

const difference = z.object({
  what: z.string(),
  a: z.string(),
  b: z.string(),
  arm: z.string().nullable().describe('the one arm that it is about; null: the whole run'),
  kind: z.enum(['load', 'arm', 'setting', 'target', 'environment']),
  hinders: z.boolean().describe('the latencies of the two runs are not those of the same work, so there is no verdict on them'),
});

const counted = z.object({
  completed: count,
  failed: count,
  aborted: count,
  shed: count,
  opened: count,
  tlsFull: count,
  tlsResumed: count,
  handshakesPer100: z.number().nullable().describe('connections opened in the measured windows for every 100 completed requests; null: none was completed'),
  promiseHeld: z.boolean().nullable().describe('null: no rounds'),
  promise: z.string(),
});

const interval = z.object({ lowMs: ms, highMs: ms });
const state = z.enum([...COMPARISON_STATES, 'not-judged']);

const betweenRuns = z.object({
  lowMs: ms.describe('a shift that the day may have made, from'),
  highMs: ms.describe('to'),
  from: z.string().describe('the arm that moved least, whose interval this is; "" when it was declared, or is not needed because two arms of one run cancel it'),
  wanderMs: ms.describe('how far the level moved inside either run, from its first half to its second'),
});

const change = z.object({
  arm: z.string(),
  quantile: z.number(),
  aMs: ms.nullable().describe('of the blocks: their Hodges-Lehmann estimate'),
  bMs: ms.nullable(),
  estimateMs: ms.nullable().describe('b − a: positive when it takes longer in b; null without enough samples'),
  blocks: z.object({ ...interval.shape, level: z.number(), method: z.string() }).nullable().describe('what the blocks alone say: as if nothing lay between the runs'),
  betweenRuns: betweenRuns.nullable(),
  ci: interval.nullable().describe('with what may lie between the runs: the verdict rests on this'),
  marginMs: ms,
  state: state.describe('b against a: faster, slower …'),
  detail: z.string(),
});

const saving = z.object({
  ...change.omit({ arm: true }).shape,
  baseline: z.string(),
  candidate: z.string(),
  aMs: ms.nullable().describe('what the candidate saves against the baseline in a'),
  estimateMs: ms.nullable().describe('saving in b − saving in a: positive when the candidate saves more in b'),
  state: state.describe('faster: it saves more in b'),
});

export const runComparison = z.object({
  $schema: z.string().optional(),
  schemaVersion: z.string(),
  kind: z.literal('run-comparison'),
  tool: z.object({ name: z.literal('sameconn'), version: z.string() }),
  warning: z.string().describe('that the runs were not interleaved, and when they ran'),
  declared: z.strictObject({ quantiles: z.array(z.number()), sentence: z.string() }).describe('what the verdict rests on: the quantiles that both runs declared, and the margin; where they declared different things the sentence says so'),
  a: runSide,
  b: runSide,
  baseline: z.string(),
  runToRunMs: ms.nullable().describe('declared: how far runs of the same thing lie apart; null: not declared'),
  arms: z.array(z.object({ name: z.string(), a: counted, b: counted })),
  notCompared: z.object({ onlyInA: z.array(z.string()), onlyInB: z.array(z.string()) }),
  differences: z.array(difference),
  changes: z.array(change),
  savings: z.array(saving),
  verdict: z.object({ state: z.enum([...COMPARISON_STATES, 'untrustworthy', 'not-judged']), sentence: z.string() }),
});

/** Two runs, compared. Not to be confused with a `Comparison`, which is of two arms inside one run. */
export type RunComparison = z.infer<typeof runComparison>;
export type RunSide = RunComparison['a'];
export type ArmCounts = RunComparison['arms'][number]['a'];
export type RunDifference = RunComparison['differences'][number];
export type Change = RunComparison['changes'][number];
export type Saving = RunComparison['savings'][number];
