/** Files that a scenario names. */
import type { FileBody } from '../net/endpoint.js';
import { quoted, type Flaw, type Path } from './complaints.js';

export interface Files {
  /** Where a path that the scenario names leads. */
  readonly locate: (path: string) => string;
  /** Reads a located file. Throws as node:fs does. */
  readonly readFile: (path: string) => Uint8Array;
  /** Size and last change of a located file. Throws as node:fs does. Absent: every file is read into memory. */
  readonly statFile?: (path: string) => { readonly bytes: number; readonly modifiedMs: number };
}

/** A request body up to this size is read once; a larger one stays on disk and is read anew for every request. */
export const MOST_KEPT_BYTES = 1024 * 1024;

/** A file that is sent as a request body. One that cannot be read is a flaw, and empty. */
export function readBodyFile(path: string, place: Path, files: Files, flaws: Flaw[]): Uint8Array | FileBody {
  const located = files.locate(path);
  return reading(located, place, flaws, () => {
    const found = files.statFile?.(located);
    return found !== undefined && found.bytes > MOST_KEPT_BYTES ? { path: located, length: found.bytes, modifiedMs: found.modifiedMs } : files.readFile(located);
  });
}

/** The file's bytes; a file that cannot be read is a flaw, and empty. */
export function readNamedFile(path: string, place: Path, files: Files, flaws: Flaw[]): Uint8Array {
  const located = files.locate(path);
  return reading(located, place, flaws, () => files.readFile(located));
}

function reading<T>(located: string, place: Path, flaws: Flaw[], read: () => T): T | Uint8Array {
  try {
    return read();
  } catch (error) {
    const code = (error as { readonly code?: unknown } | null)?.code;
    const message = code === 'ENOENT' ? `there is no file ${quoted(located)}` : `cannot read ${quoted(located)} (${typeof code === 'string' ? code : String(error)})`;
    flaws.push({ path: place, message, ...(code === 'ENOENT' ? { remedy: 'paths are relative to the scenario file' } : {}) });
    return new Uint8Array();
  }
}
