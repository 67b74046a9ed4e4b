/** Reading files that a person named. */
import { basename } from 'node:path';
import { analyze } from '../analysis/analyze.js';
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';
import { readJournal } from '../result/journal.js';
import { readResult } from '../result/read.js';
import type { Result } from '../result/schema.js';

/** A run from its result file, or from its journal. @throws RequestError when it is neither */
export function readRun(file: string, io: Io): Result {
  const text = readText(file, io);
  return file.endsWith('.ndjson') ? analyze(readJournal(text, file)) : readResult(text, file);
}

/** `reports/nightly.json` → `nightly` */
export function stemOf(file: string): string {
  return basename(file).replace(/\.(json|ndjson)$/, '');
}

/** @throws RequestError when the file cannot be read */
export function readText(path: string, io: Io): string {
  try {
    return new TextDecoder().decode(io.readFile(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new RequestError(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code ?? String(error)})`, 'check the path');
  }
}
