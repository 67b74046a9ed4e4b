/** Where a page about several runs goes: its files, and the words on stdout. */
import { resolve } from 'node:path';
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';
import { inFiles, onScreen } from '../reporters/sheets/index.js';
import type { Sheet } from '../reporters/sheets/sheet.js';
import { screenStyle, type OutputOptions } from './output.js';

export interface SheetDocument {
  /** The same as data: what `<name>.json` holds. */
  readonly text: string;
  readonly sheet: Sheet;
}

/**
 * Writes `<stem>.json`, `.md` and `.html`. @returns their paths
 * @throws RequestError rather than write over a file it was made from, or over the report beside that
 */
export function writeSheet({ text, sheet }: SheetDocument, stem: string, madeFrom: readonly string[], io: Io): readonly string[] {
  const stemsRead = madeFrom.map((file) => resolve(file).replace(/\.[^.]*$/, ''));
  if (stemsRead.includes(resolve(stem))) throw new RequestError(`${stem}.json is one of the files to read, and would be written over`, 'choose another --name or --out');
  const files = [{ path: `${stem}.json`, text }, ...inFiles.map(({ extension, render }) => ({ path: `${stem}.${extension}`, text: render(sheet, io.style) }))];
  for (const file of files) io.writeFile(file.path, file.text);
  return files.map(({ path }) => path);
}

export function printSheet({ text, sheet }: SheetDocument, paths: readonly string[], { json, quiet, color }: OutputOptions, io: Io): void {
  if (json) io.stdout(text);
  else if (!quiet) {
    io.stdout(onScreen.render(sheet, screenStyle(color, io)));
    io.stdout(`\n${paths.map((path) => ` written  ${path}`).join('\n')}\n`);
  }
}
