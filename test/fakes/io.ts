/** An outside world that remembers what was said and written, and holds no files but those and the given ones. */
import type { Io } from '../../src/io.js';

export interface FakeIo extends Io {
  readonly said: { stdout: string; stderr: string };
  readonly files: Map<string, string>;
  /** What the browser was asked to show. */
  readonly shown: string[];
}

export function fakeIo(wanted: Partial<Io> = {}, given: Readonly<Record<string, string>> = {}): FakeIo {
  const said = { stdout: '', stderr: '' };
  const files = new Map(Object.entries(given));
  const shown: string[] = [];
  const absent = (path: string): never => {
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT', syscall: 'open', path });
  };
  const read = (path: string): Uint8Array => new TextEncoder().encode(files.get(path) ?? absent(path));
  return {
    said,
    files,
    shown,
    argv: [],
    env: {},
    style: { width: 80, color: false, unicode: true },
    live: false,
    stateFolder: '/nowhere/sameconn',
    stdout: (text) => void (said.stdout += text),
    stderr: (text) => void (said.stderr += text),
    now: () => new Date(0),
    randomSeed: () => 1,
    cores: () => 2,
    readFile: read,
    statFile: (path) => ({ bytes: read(path).length, modifiedMs: 0 }),
    exists: (path) => files.has(path),
    writeFile: (path, text) => void files.set(path, text),
    replaceFile: (path, text) => void files.set(path, text),
    appendFile: (path, text) => void files.set(path, (files.get(path) ?? '') + text),
    openInBrowser: async (path) => shown.push(path) > 0,
    openLog: (path) => ({ append: (line) => void files.set(path, (files.get(path) ?? '') + line), close: () => {} }),
    start: () => ({ exit: Promise.resolve(127), stop: () => {} }),
    onInterrupt: () => () => {},
    ...wanted,
  };
}
