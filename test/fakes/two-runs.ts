/** Analysed runs that never ran, told apart as two runs are: by their id, their name and when they began. */
import { analyze } from '../../src/analysis/analyze.js';
import type { RawRun } from '../../src/result/journal.js';
import type { Result } from '../../src/result/schema.js';
import { exponential, fakeRun, type FakeArm, type FakeRun } from './raw-run.js';

/** A fake run that began so many hours after the first. */
export function rawAt(hours: number, wanted: Partial<FakeRun> = {}): RawRun {
  const raw = fakeRun({ seed: 7 + hours, name: `nightly-${hours}`, ...wanted });
  const startedAt = new Date(Date.parse('2026-01-02T03:04:05.000Z') + hours * 3600_000).toISOString();
  return { ...raw, record: { ...raw.record, run: { ...raw.record.run, id: `fake-${hours}-${wanted.name ?? ''}`, startedAt } } };
}

export function resultAt(hours: number, wanted: Partial<FakeRun> = {}): Result {
  return analyze(rawAt(hours, wanted));
}

/** Arms whose response times are a base and an exponential tail, in ms: `{ reused: [5, 1] }`. */
export function armsAt(times: Readonly<Record<string, readonly [base: number, tail: number]>>): readonly FakeArm[] {
  return Object.entries(times).map(([name, [base, tail]]) => ({ name, responseMs: (random) => base + tail * exponential(random) }));
}
