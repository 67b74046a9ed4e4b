/** The journal, `reports/<name>.ndjson`: what happened, line by line, so that a killed run loses at most the round in flight. */
import { RequestError } from '../errors.js';
import { probeReport, type ProbeReport } from './probe.js';
import { roundResult, runRecord, type RoundResult, type RunRecord } from './schema.js';
import { checkVersion, misfitRemedy } from './version.js';

export type JournalLine =
  | ({ readonly type: 'run' } & RunRecord)
  | ({ readonly type: 'round' } & RoundResult)
  | ({ readonly type: 'probe' } & ProbeReport)
  | ({ readonly type: 'end' } & RunEnd);

export interface RunEnd {
  readonly complete: boolean;
  readonly durationMs: number;
  /** Why a run that was to go on until it was precise went no further; absent: it was not to, or it was interrupted. */
  readonly stopped?: StopReason;
}

export type StopReason = 'precise' | 'max-blocks' | 'max-time';

/** Everything a journal told, before any analysis. */
export interface RawRun extends RunEnd {
  readonly record: RunRecord;
  readonly rounds: readonly RoundResult[];
  readonly probe?: ProbeReport;
}

/** One line of the journal, newline included. */
export function journalLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads a journal back. A last line that was cut off (the program was killed while writing it) is dropped; keys that a newer minor version added are overlooked.
 * @throws RequestError naming the line that cannot be read, or a version that is not read
 */
export function readJournal(text: string, file: string): RawRun {
  const lines = text.split('\n');
  const cut = lines.pop();
  let record: RunRecord | undefined;
  let version: unknown;
  const rounds: RoundResult[] = [];
  let probe: ProbeReport | undefined;
  let end: RunEnd | undefined;
  lines.forEach((line, index) => {
    if (line === '') return;
    const place = `${file}:${index + 1}`;
    const { type, ...rest } = parseLine(line, place);
    if (type === 'run') {
      version = rest['schemaVersion'];
      checkVersion(version, place);
      record = check(runRecord, rest, place, version);
    } else if (type === 'round') rounds.push(check(roundResult, rest, place, version));
    else if (type === 'probe') probe = check(probeReport, rest, place, version);
    else if (type === 'end') end = rest as unknown as RunEnd;
    else throw new RequestError(`${place} is not a line of a sameconn journal`, 'give the .ndjson or .json file that sameconn run wrote');
  });
  if (!record) throw new RequestError(`${file} holds no run${cut ? ' (its first line was cut off)' : ''}`, 'give the .ndjson or .json file that sameconn run wrote');
  const last = rounds.at(-1);
  return {
    record,
    rounds,
    complete: end?.complete ?? false,
    durationMs: end?.durationMs ?? (last ? last.startedAtMs + last.warmupMs + last.windowMs : 0),
    ...(probe && { probe }),
    ...(end?.stopped && { stopped: end.stopped }),
  };
}

function parseLine(line: string, place: string): { type?: unknown } & Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (value !== null && typeof value === 'object') return value as Record<string, unknown>;
  } catch {
    // the sentence below says all there is to say
  }
  throw new RequestError(`${place} is not a line of JSON`, 'give the .ndjson or .json file that sameconn run wrote');
}

function check<T>(schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } } }, value: unknown, place: string, version: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RequestError(`${place} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`, misfitRemedy(version));
}
