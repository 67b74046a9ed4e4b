/** A run of the built program against a truth server, and what that one says of the same requests. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Histogram } from '../../src/measure/histogram.js';
import { mergeHistograms } from '../../src/measure/tally.js';
import { readJournal, type RawRun } from '../../src/result/journal.js';
import type { Metric, Result } from '../../src/result/schema.js';
import { start, WENT_THROUGH } from '../end-to-end/cli.js';
import type { Served, Truth } from './truth/index.js';

export const QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

export interface Measured {
  readonly code: number | null;
  readonly result: Result;
  readonly raw: RawRun;
}

/** Runs sameconn with these words; it must go through, fit for a verdict or not. */
export async function measure(url: string, words: readonly string[], { env, wrap }: { readonly env?: NodeJS.ProcessEnv; readonly wrap?: readonly string[] } = {}): Promise<Measured> {
  const out = mkdtempSync(join(tmpdir(), 'sameconn-accuracy-'));
  try {
    const { code, stdout, stderr } = await start(['run', url, '--workers', '1', '--json', '--quiet', '--name', 'r', '--out', out, ...words], env, wrap).ended;
    if (!WENT_THROUGH.includes(code)) throw new Error(`sameconn ended with ${code}: ${stderr}`);
    return { code, result: JSON.parse(stdout) as Result, raw: readJournal(readFileSync(join(out, 'r.ndjson'), 'utf8'), 'r.ndjson') };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

export interface Joined extends Measured {
  /** The server's own times of the measured requests, sorted. */
  readonly tookNs: readonly number[];
  /** What each request took longer in our eyes, sent to done, than in those of the server, sorted. */
  readonly addedNs: readonly number[];
  /** One distribution of all rounds. */
  all(metric: Metric): Histogram;
}

/**
 * A run of one reused arm without a warm-up, so that both ends speak of the same requests, one by one. They are told apart by their order: one thread sends them,
 * and a request is with the server's kernel before the thread sends another.
 * @throws Error where their counts differ
 */
export async function joined(truth: Truth, words: readonly string[]): Promise<Joined> {
  const home = mkdtempSync(join(tmpdir(), 'sameconn-watched-'));
  const file = join(home, 'exchanges.ndjson');
  const env = { NODE_OPTIONS: `--import ${new URL('./watching.mjs', import.meta.url).href}`, SAMECONN_WATCHED: file };
  const measured = await measure(truth.url, ['--arm', 'reused', '--warmup', '0s', '--blocks', '1', ...words], { env, wrap: FIRST });
  const { rounds } = measured.result;
  const watched = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as [sentNs: number, doneNs: number][]);
  rmSync(home, { recursive: true });
  const served = (await truth.served()).filter(({ round }) => round >= 0);
  const addedNs = rounds.flatMap(({ index, requests }) => {
    const heard = served.filter(({ round }) => round === index).sort((a, b) => a.receivedNs - b.receivedNs);
    const sent = (watched[index] ?? []).sort(([a], [b]) => a - b);
    if (new Set([requests.planned, requests.completed, heard.length, sent.length]).size > 1) throw new Error(`round ${index}: ${requests.planned} planned, ${requests.completed} completed, ${heard.length} served, ${sent.length} watched`);
    return sent.map(([sentNs, doneNs], nth) => doneNs - sentNs - heard[nth]!.tookNs);
  });
  return { ...measured, tookNs: sorted(served), addedNs: addedNs.sort((a, b) => a - b), all: (metric) => mergeHistograms(rounds.map(({ histograms }) => histograms[metric])) };
}

function sorted(served: readonly Served[]): number[] {
  return served.map(({ tookNs }) => tookNs).sort((a, b) => a - b);
}

/** The exact quantile of sorted values, by the rank that an HdrHistogram takes. */
export function quantileOf(values: readonly number[], q: number): number {
  return values[Math.min(values.length, Math.max(1, Math.floor(q * values.length + 0.5))) - 1] ?? NaN;
}

/** Times in ns, as ms. */
export function ms(ns: number, digits = 3): string {
  return `${(ns / 1e6).toFixed(digits)} ms`;
}

/**
 * Words before a command line, that have it go before what else runs on this machine (in a session of its own, since the kernel weighs sessions before it weighs their programs), so that it is the instrument that is measured and not its neighbours. Without the
 * right to that it runs as any program. No real-time priority, as the truth server has: what turns to an instant would be stopped for a twentieth of every second.
 */
export const FIRST = ['setsid', 'sh', '-c', 'echo -20 2>/dev/null > /proc/self/autogroup; exec nice -n -20 "$@"', 'sh'] as const;

/** The options of a run in which hundreds may wait at once. */
export const ROOMY = ['--connections', '4000', '--max-in-flight', '8000'] as const;
