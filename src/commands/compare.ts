import { join } from 'node:path';
import { compareRuns } from '../analysis/between-runs/compare.js';
import { RequestError } from '../errors.js';
import { sheetOfComparison } from '../reporters/sheets/index.js';
import type { RunComparison } from '../result/run-comparison-schema.js';
import { NS_PER_MS, parseDuration } from '../units.js';
import { toolVersion } from '../version.js';
import { defineCommand, type ExitCode } from './command.js';
import { readRun, stemOf } from './files.js';
import { declareOutput, outputOptions, showPage } from './output.js';
import { printSheet, writeSheet } from './sheets.js';

/** Two runs of the same arms: what changed from a to b, with intervals that include that they were not interleaved. Exit code 3 when one of them cannot be trusted. */
export const compare = defineCommand({
  name: 'compare',
  summary: 'compare two runs of the same arms, b against a; on different days they are not interleaved, and the intervals include that',
  declare: (declaration) => {
    declaration
      .argument('<a.json>', 'the result or journal of the run before')
      .argument('<b.json>', 'the result or journal of the run after')
      .option('--run-to-run <time>', 'how far runs of the same thing lie apart, like 0.3ms, if you have measured it; else judged by what moved all arms alike')
      .option('--fail-on-slower', 'end with exit code 1 when an arm is slower in b, by more than the margin');
    declareOutput(declaration);
  },
  async run({ args: [a = '', b = ''], options }, io) {
    const runToRunMs = runToRun(options['runToRun']);
    const comparison = compareRuns(readRun(a, io), readRun(b, io), { runToRunMs, version: toolVersion });
    const output = outputOptions(options);
    const name = typeof options['name'] === 'string' ? options['name'] : `${stemOf(a)}-to-${stemOf(b)}`;
    const document = { text: json(comparison), sheet: sheetOfComparison(comparison) };
    const paths = writeSheet(document, join(output.out, name), [a, b], io);
    printSheet(document, paths, output, io);
    await showPage(paths, output, io);
    return exitCodeOf(comparison, options['failOnSlower'] === true);
  },
});

function json(comparison: RunComparison): string {
  return `${JSON.stringify({ $schema: './run-comparison.schema.json', ...comparison }, null, 2)}\n`;
}

function exitCodeOf({ verdict, changes }: RunComparison, failOnSlower: boolean): ExitCode {
  if (verdict.state === 'untrustworthy') return 3;
  return failOnSlower && changes.some(({ state }) => state === 'slower') ? 1 : 0;
}

function runToRun(given: unknown): number | null {
  if (typeof given !== 'string') return null;
  const parsed = parseDuration(given);
  if (!parsed.ok) throw new RequestError(`--run-to-run: ${parsed.complaint}`);
  return parsed.value / NS_PER_MS;
}
