/** Several runs side by side, in the order in which they began. */
import { RequestError } from '../../errors.js';
import { Histogram } from '../../measure/histogram.js';
import { HISTORY_VERSION, type ArmOfRun, type History, type QuantileOfRun, type RunOfHistory } from '../../result/history-schema.js';
import type { ArmResult, Result } from '../../result/schema.js';
import { nsToMs } from '../../units.js';
import { BEYOND_TO_ESTIMATE, requestsFor } from '../blocks.js';
import { differencesOf, inWords } from './differences.js';

/** A run, and where its own report lies. */
export interface ToldRun {
  readonly result: Result;
  readonly report: string | null;
}

const WARNING = 'These runs were not interleaved: host, network and target had a life of their own between them. A step from one run to the next is a question, not an answer; sameconn compare says how much of it two runs can tell.';

/**
 * The history of several runs. Draws no conclusion between them. Pure.
 * @throws RequestError when one run is given twice
 */
export function historyOf(told: readonly ToldRun[], version: string): History {
  const runs = told.toSorted((a, b) => order(a.result, b.result));
  const twice = runs.find(({ result }, index) => runs[index + 1]?.result.run.id === result.run.id);
  if (twice) throw new RequestError(`the run ${twice.result.run.name} is given twice`, 'give each run once');
  return {
    schemaVersion: HISTORY_VERSION,
    kind: 'history',
    tool: { name: 'sameconn', version },
    warning: WARNING,
    baseline: runs.at(-1)?.result.plan.baseline ?? '',
    arms: [...new Set(runs.flatMap(({ result }) => result.arms.map(({ name }) => name)))],
    runs: runs.map((run, index) => runOf(run, runs[index - 1]?.result)),
  };
}

/** By their start; runs that began together keep an order of their own. */
function order(a: Result, b: Result): number {
  const [first, second] = [a, b].map(({ run }) => Date.parse(run.startedAt) || 0) as [number, number];
  return first - second || (a.run.id < b.run.id ? -1 : a.run.id > b.run.id ? 1 : 0);
}

function runOf({ result, report }: ToldRun, before: Result | undefined): RunOfHistory {
  const { run, verdict, gates, expectations, arms } = result;
  const having = (state: string): string[] => gates.filter((gate) => gate.state === state).map(({ id, title }) => `${id} ${title}`);
  return {
    id: run.id,
    name: run.name,
    startedAt: run.startedAt,
    complete: run.complete,
    report,
    verdict: { state: verdict.state, sentence: verdict.sentence },
    checks: { passed: having('pass').length, all: gates.length, failed: having('fail'), warned: having('warn') },
    expectations: {
      met: expectations.filter(({ state }) => state === 'met').length,
      all: expectations.length,
      failed: expectations.filter(({ state }) => state === 'failed').map(({ text }) => text),
    },
    arms: arms.map((arm) => armOf(result, arm)),
    changed: before ? [...differencesOf(before, result).map(inWords), ...armsChanged(before, result)] : [],
  };
}

function armOf({ rounds }: Result, { name, totals: { requests, connections, latencyMs }, promise }: ArmResult): ArmOfRun {
  const responses = rounds.filter(({ arm }) => arm === name).map(({ histograms }) => Histogram.decode(histograms.response)).filter(({ count }) => count > 0);
  const quantile = (at: number, ms: number): QuantileOfRun | null => {
    if (responses.length === 0) return null;
    const each = responses.map((response) => nsToMs(response.quantileNs(at)));
    return { ms, lowMs: Math.min(...each), highMs: Math.max(...each), thin: latencyMs.response.count < requestsFor(at, BEYOND_TO_ESTIMATE) };
  };
  return {
    name,
    p50: quantile(0.5, latencyMs.response.p50),
    p99: quantile(0.99, latencyMs.response.p99),
    handshakesPer100: requests.completed === 0 ? null : (100 * connections.opened) / requests.completed,
    opened: connections.opened,
    completed: requests.completed,
    errors: requests.failed + requests.aborted,
    shed: requests.shed,
    promiseHeld: promise.rounds === 0 ? null : promise.held,
  };
}

function armsChanged(before: Result, after: Result): string[] {
  const [was, is] = [before, after].map(({ arms }) => arms.map(({ name }) => name)) as [string[], string[]];
  return [...is.filter((name) => !was.includes(name)).map((name) => `arm ${name} is new`), ...was.filter((name) => !is.includes(name)).map((name) => `arm ${name} is gone`)];
}
