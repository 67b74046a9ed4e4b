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
  /** One distribution of all rounds. */
  all(metric: Metric): Histogram;
}

/** A run of one reused arm without a warm-up, so that both ends speak of the same requests, one by one. @throws Error where their counts differ */
export async function joined(truth: Truth, words: readonly string[]): Promise<Joined> {
  const measured = await measure(truth.url, ['--arm', 'reused', '--warmup', '0s', '--blocks', '1', ...words]);
  const { rounds } = measured.result;
  const served = (await truth.served()).filter(({ round }) => round >= 0);
  for (const { index, requests } of rounds) {
    const heard = served.filter(({ round }) => round === index).length;
    if (heard !== requests.completed || requests.completed !== requests.planned) throw new Error(`round ${index}: ${requests.planned} planned, ${requests.completed} completed, ${heard} served`);
  }
  return { ...measured, tookNs: sorted(served), all: (metric) => mergeHistograms(rounds.map(({ histograms }) => histograms[metric])) };
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

/** The options of a run in which hundreds may wait at once. */
export const ROOMY = ['--connections', '4000', '--max-in-flight', '8000'] as const;
