/** Where results go: the report files and the words on stdout. */
import { join } from 'node:path';
import type { Command as Declaration } from 'commander';
import type { Io } from '../io.js';
import * as reporters from '../reporters/index.js';
import type { Result } from '../result/schema.js';

export interface OutputOptions {
  readonly out: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

export function declareOutput(declaration: Declaration): void {
  declaration
    .option('--out <folder>', 'where the report files go', 'reports/')
    .option('--name <name>', 'file name of the reports, without extension')
    .option('--json', 'print only the result’s JSON on stdout')
    .option('--quiet', 'print nothing but errors');
}

export function outputOptions(options: Readonly<Record<string, unknown>>): OutputOptions {
  return { out: String(options['out'] ?? 'reports/'), json: options['json'] === true, quiet: options['quiet'] === true };
}

/** Writes `<name>.json`, `.md` and `.html`. @returns their paths */
export function writeReports(result: Result, { out }: OutputOptions, io: Io, name = result.run.name): readonly string[] {
  return [reporters.json, reporters.markdown, reporters.html].map((reporter) => {
    const path = join(out, `${name}.${reporter.extension}`);
    io.writeFile(path, reporter.render(result, io.style));
    return path;
  });
}

export function printResult(result: Result, paths: readonly string[], { json, quiet }: OutputOptions, io: Io): void {
  if (json) io.stdout(reporters.json.render(result, io.style));
  else if (!quiet) {
    io.stdout(reporters.terminal.render(result, io.style));
    io.stdout(`\n${paths.map((path) => ` written  ${path}`).join('\n')}\n`);
  }
}
