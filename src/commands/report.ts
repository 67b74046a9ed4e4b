import { dirname, join, relative, sep } from 'node:path';
import { historyOf } from '../analysis/between-runs/history.js';
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';
import { sheetOfHistory } from '../reporters/sheets/index.js';
import { toolVersion } from '../version.js';
import { defineCommand } from './command.js';
import { readRun, stemOf } from './files.js';
import { conclude, declareExports, declareOutput, outputOptions, showPage, type OutputOptions } from './output.js';
import { printSheet, writeSheet } from './sheets.js';

/** Draws the reports again, from a result file or from the journal of a run that was cut short; several runs on one page. Ends with 0 when they are written, whatever they say. */
export const report = defineCommand({
  name: 'report',
  summary: 'write the reports of a result file again, or of the journal of a run that was cut short; several runs on one page',
  declare: (declaration) => {
    declaration.argument('<result.json | journal.ndjson...>', 'what sameconn run wrote; of several, one page: history.html');
    declareOutput(declaration);
    declareExports(declaration);
  },
  async run({ args: files, options }, io) {
    const [file = ''] = files;
    const output = { ...outputOptions(options), out: options['out'] === 'reports/' ? dirname(file) : String(options['out']) };
    const name = typeof options['name'] === 'string' ? options['name'] : null;
    if (files.length > 1) await severalRuns(files, join(output.out, name ?? 'history'), output, io);
    else await conclude(readRun(file, io), name ?? stemOf(file), output, io);
    return 0;
  },
});

async function severalRuns(files: readonly string[], stem: string, output: OutputOptions, io: Io): Promise<void> {
  if (output.exports && output.exports.length > 0) throw new RequestError('--export is for the report of one run', 'give one file, or leave --export out');
  const history = historyOf(files.map((file) => ({ result: readRun(file, io), report: reportOf(file, dirname(stem), io) })), toolVersion);
  const document = { text: `${JSON.stringify({ $schema: './history.schema.json', ...history }, null, 2)}\n`, sheet: sheetOfHistory(history) };
  const paths = writeSheet(document, stem, files, io);
  printSheet(document, paths, output, io);
  await showPage(paths, output, io);
}

/** The run's own page, as a link from the folder: `./nightly.html`; null when there is none beside its file. */
function reportOf(file: string, folder: string, io: Io): string | null {
  const page = join(dirname(file), `${stemOf(file)}.html`);
  if (!io.exists(page)) return null;
  return `./${relative(folder, page).split(sep).map(encodeURIComponent).join('/')}`;
}
