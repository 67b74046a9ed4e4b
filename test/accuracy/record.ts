/** What the accuracy suite measured, a row a case, so that the README's table is made from measured rows: `node test/accuracy/table.mjs`. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Rows of all runs, a line of JSON each; the newest of a case counts. */
const FILE = fileURLToPath(new URL('../output/accuracy.ndjson', import.meta.url));

/** Under `--mode short`, as CI runs it: counts are held exactly, times to what a shared host can hold. */
export const SHORT = process.env['MODE'] === 'short';

/** Of a test whose bars are times: on a host that is shared a second look is fair. Where counts are held there is none. */
export const timed = (ms: number): { timeout: number; retry: number } => ({ timeout: ms, retry: SHORT ? 2 : 0 });

export interface Row {
  /** `E8`. */
  readonly experiment: string;
  /** `TLS 1.3, 10 ms`. */
  readonly case: string;
  /** `≤ 1 ms`; nothing where a figure is only reported. */
  readonly bar?: string;
  /** `0.12 ms`. */
  readonly measured: string;
  readonly met?: boolean;
}

/** Appends a row and prints it. Call it before the assertion, so that a missed bar is in the table as well. */
export function record(row: Row): void {
  mkdirSync(dirname(FILE), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify({ ...row, form: SHORT ? 'short' : 'full', node: process.version, at: new Date().toISOString() })}\n`);
  const judged = row.met === undefined ? '' : row.met ? ', met' : ', NOT MET';
  console.log(`${row.experiment} ${row.case}: ${row.measured}${row.bar === undefined ? '' : ` (bar ${row.bar}${judged})`}`);
}
