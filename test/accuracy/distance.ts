/** The built program at one end of a delay line, a real nginx at the other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folder, start, WENT_THROUGH, type Outcome } from '../end-to-end/cli.js';
import { nginx, type NginxOptions } from '../servers/nginx.js';
import type { WitnessServer } from '../servers/witness.js';
import { readJournal, type RawRun } from '../../src/result/journal.js';
import type { Result } from '../../src/result/schema.js';
import { NS_PER_MS } from '../../src/units.js';
import { lacking, withDelayLine, type DelayLine, type DelayLineOptions, type End, type LineExchanges } from './delay-line/index.mjs';

export interface Distance extends DelayLine {
  readonly server: WitnessServer;
}

/** Why a distance cannot be had on this machine, or undefined. */
export function whyNot(): string | undefined {
  const available = nginx.available();
  return lacking() ?? (available === true ? undefined : available);
}

/** Runs `use` with an nginx that is `rttMs` ms away; both are gone afterwards, however it ends. */
export function atDistance<T>(rttMs: number, options: NginxOptions & DelayLineOptions, use: (distance: Distance) => Promise<T>): Promise<T> {
  return withDelayLine(rttMs, async (line) => {
    const server = await nginx.start({ ...options, place: line.far });
    try {
      return await use({ ...line, server });
    } finally {
      await server.stop();
    }
  }, options);
}

/** Runs a scenario in that namespace, to the end. @throws Error with the program's own words when it did not go through */
export async function runScenario(near: End, scenario: Readonly<Record<string, unknown>>, ca: string): Promise<Result> {
  return JSON.parse((await begin(near, scenario, ca).ended).stdout) as Result;
}

/** A run over several distances, and how long the exchanges of each of its rounds took by the line's clock. */
export interface Travelled {
  readonly raw: RawRun;
  readonly seen: readonly LineExchanges[];
}

/**
 * Runs a scenario of as many blocks as there are distances: the line is made as long as a block asks for in the washout before it.
 * @param rttsMs in ms, of each block
 * @throws Error with the program's own words when it did not go through, or when a connection was quicker than the distance
 */
export async function runOverDistances({ near, line, server }: Distance, scenario: Readonly<Record<string, unknown>>, rttsMs: readonly number[]): Promise<Travelled> {
  await line.setRtt(rttsMs[0]!);
  const { journal, ended } = begin(near, { ...scenario, blocks: rttsMs.length }, server.ca);
  let over = false;
  void ended.catch(() => {}).finally(() => (over = true));
  const seen: LineExchanges[] = [];
  for await (const round of roundsWritten(journal, () => over)) {
    seen[round] = await line.exchanges();
    const nextMs = rttsMs[Math.floor((round + 1) / roundsOfABlock(scenario))];
    if (nextMs !== undefined) await line.setRtt(nextMs);
  }
  await ended;
  const raw = readJournal(readFileSync(journal, 'utf8'), journal);
  for (const { block, index, histograms: { connect } } of raw.rounds) {
    if (connect.count > 0 && connect.min < rttsMs[block]! * NS_PER_MS) throw new Error(`round ${index}: the line was made ${rttsMs[block]} ms long too late`);
  }
  return { raw, seen };
}

/** Both halves of its mirrored order. */
function roundsOfABlock({ arms }: Readonly<Record<string, unknown>>): number {
  return 2 * (arms as readonly unknown[]).length;
}

interface Begun {
  readonly journal: string;
  readonly ended: Promise<Outcome>;
}

function begin(near: End, scenario: Readonly<Record<string, unknown>>, ca: string): Begun {
  const home = folder();
  writeFileSync(join(home, 'ca.pem'), ca);
  writeFileSync(join(home, 'scenario.yaml'), JSON.stringify({ ...scenario, tls: { ca: 'ca.pem' } })); // JSON is YAML
  const { ended } = start(['run', join(home, 'scenario.yaml'), '--json', '--quiet', '--name', 'r', '--out', home], {}, near.words());
  return { journal: join(home, 'r.ndjson'), ended: ended.then(wentThrough) };
}

function wentThrough(outcome: Outcome): Outcome {
  if (!WENT_THROUGH.includes(outcome.code)) throw new Error(`sameconn ended with ${outcome.code}: ${outcome.stderr}`);
  return outcome;
}

/** The rounds that have come to a journal, one by one, until it is over. */
async function* roundsWritten(journal: string, over: () => boolean): AsyncGenerator<number> {
  const text = Buffer.allocUnsafe(1 << 20);
  let lines = 0;
  let rounds = 0;
  let file: FileHandle | undefined;
  try {
    while (!over()) {
      await sleep(LOOK_EVERY_MS);
      file ??= await open(journal).catch(() => undefined);
      const { bytesRead } = (await file?.read(text)) ?? { bytesRead: 0 };
      lines += text.subarray(0, bytesRead).filter((byte) => byte === NEWLINE).length;
      while (rounds < lines - 1) yield rounds++; // the first line is that of the run
    }
  } finally {
    await file?.close();
  }
}

const LOOK_EVERY_MS = 10;
const NEWLINE = 10;
