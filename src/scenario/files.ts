/** Files that a scenario names. */
import { quoted, type Flaw, type Path } from './complaints.js';

export interface Files {
  /** Where a path that the scenario names leads. */
  readonly locate: (path: string) => string;
  /** Reads a located file. Throws as node:fs does. */
  readonly readFile: (path: string) => Uint8Array;
}

/** The file's bytes; a file that cannot be read is a flaw, and empty. */
export function readNamedFile(path: string, place: Path, files: Files, flaws: Flaw[]): Uint8Array {
  const located = files.locate(path);
  try {
    return files.readFile(located);
  } catch (error) {
    const code = (error as { readonly code?: unknown } | null)?.code;
    const message = code === 'ENOENT' ? `there is no file ${quoted(located)}` : `cannot read ${quoted(located)} (${typeof code === 'string' ? code : String(error)})`;
    flaws.push({ path: place, message, ...(code === 'ENOENT' ? { remedy: 'paths are relative to the scenario file' } : {}) });
    return new Uint8Array();
  }
}
