/** What `sameconn report a.json b.json …` writes of several runs: each run's own figures, in the order in which they began. */
import { z } from 'zod';

export const HISTORY_VERSION = '1.0.0';

const count = z.int().min(0);
const ms = z.number();

const quantile = z.object({
  ms: ms.describe('of all rounds together'),
  lowMs: ms.describe('of the fastest round'),
  highMs: ms.describe('of the slowest round'),
  thin: z.boolean().describe('fewer than 20 samples lie beyond it'),
});

const armOfRun = z.object({
  name: z.string(),
  p50: quantile.nullable().describe('null: no request was completed'),
  p99: quantile.nullable(),
  handshakesPer100: z.number().nullable(),
  opened: count,
  completed: count,
  errors: count.describe('failed + aborted'),
  shed: count,
  promiseHeld: z.boolean().nullable().describe('null: no rounds'),
});

const runOfHistory = z.object({
  id: z.string(),
  name: z.string(),
  startedAt: z.string(),
  complete: z.boolean(),
  report: z.string().nullable().describe('the run’s own report, relative to this file; null: it does not lie there'),
  verdict: z.object({ state: z.string(), sentence: z.string() }),
  checks: z.object({ passed: count, all: count, failed: z.array(z.string()), warned: z.array(z.string()) }),
  expectations: z.object({ met: count, all: count, failed: z.array(z.string()) }),
  arms: z.array(armOfRun),
  changed: z.array(z.string()).describe('what was asked otherwise than in the run before, in words'),
});

export const history = z.object({
  $schema: z.string().optional(),
  schemaVersion: z.string(),
  kind: z.literal('history'),
  tool: z.object({ name: z.literal('sameconn'), version: z.string() }),
  warning: z.string(),
  baseline: z.string(),
  arms: z.array(z.string()).describe('of all runs, in the order in which they first appear'),
  runs: z.array(runOfHistory),
});

export type History = z.infer<typeof history>;
export type RunOfHistory = History['runs'][number];
export type ArmOfRun = RunOfHistory['arms'][number];
export type QuantileOfRun = NonNullable<ArmOfRun['p50']>;
