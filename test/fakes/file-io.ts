/** An outside world of files in memory, and what was said. */
import type { Io } from '../../src/io.js';

export interface FileIo extends Io {
  readonly files: Map<string, string>;
  readonly said: { stdout: string; stderr: string };
}

export function fileIo(argv: readonly string[], given: Readonly<Record<string, string>>): FileIo {
  const files = new Map(Object.entries(given));
  const said = { stdout: '', stderr: '' };
  const read = (path: string): Uint8Array => {
    const text = files.get(path);
    if (text === undefined) throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT', syscall: 'open', path });
    return new TextEncoder().encode(text);
  };
  return {
    files,
    said,
    argv,
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
    openLog: () => ({ append: () => {}, close: () => {} }),
    onInterrupt: () => () => {},
  };
}
