/** Reading what a system tells in files: null where it does not, or not to us. */
import { readdirSync, readFileSync } from 'node:fs';

export function file(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // not this kind of system, or not ours to read
  }
}

export function folder(path: string): readonly string[] | null {
  try {
    return readdirSync(path);
  } catch {
    return null;
  }
}

/** The first group of the pattern, as a number. */
export function numberIn(path: string, pattern: RegExp): number | null {
  const found = pattern.exec(file(path) ?? '');
  return found ? Number(found[1]) : null;
}
