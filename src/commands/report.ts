import { basename, dirname } from 'node:path';
import { analyze } from '../analysis/analyze.js';
import { readJournal } from '../result/journal.js';
import { readResult } from '../result/read.js';
import type { Result } from '../result/schema.js';
import { defineCommand } from './command.js';
import { readText } from './files.js';
import { declareOutput, outputOptions, printResult, writeReports } from './output.js';

/** Draws the reports again, from a result file or from the journal of a run that was cut short. Ends with 0 when they are written, whatever they say. */
export const report = defineCommand({
  name: 'report',
  summary: 'write the reports of a result file again, or of the journal of a run that was cut short',
  declare: (declaration) => {
    declaration.argument('<result.json | journal.ndjson>', 'what sameconn run wrote');
    declareOutput(declaration);
  },
  async run({ args: [file = ''], options }, io) {
    const text = readText(file, io);
    const result: Result = file.endsWith('.ndjson') ? analyze(readJournal(text, file)) : readResult(text, file);
    const output = { ...outputOptions(options), out: options['out'] === 'reports/' ? dirname(file) : String(options['out']) };
    const name = typeof options['name'] === 'string' ? options['name'] : basename(file).replace(/\.(json|ndjson)$/, '');
    const paths = writeReports(result, output, io, name);
    printResult(result, paths, output, io);
    return 0;
  },
});

