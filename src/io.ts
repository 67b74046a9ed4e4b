/** Everything that a command may touch of the outside: streams, files, the clock on the wall, interrupts. Faked in tests. */
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import process from 'node:process';

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** How to write for a person on stdout. */
  readonly style: { readonly width: number; readonly color: boolean; readonly unicode: boolean };
  /** stderr is a terminal that redraws, and this is not CI. */
  readonly live: boolean;
  /** Where this user's programs keep what they learnt, in a folder of ours. */
  readonly stateFolder: string;
  stdout(text: string): void;
  stderr(text: string): void;
  now(): Date;
  /** A seed: 31 random bits. */
  randomSeed(): number;
  cores(): number;
  /** @throws as node:fs does */
  readFile(path: string): Uint8Array;
  /** Size and last change. @throws as node:fs does */
  statFile(path: string): { readonly bytes: number; readonly modifiedMs: number };
  exists(path: string): boolean;
  /** Makes the folders it needs. */
  writeFile(path: string, text: string): void;
  /** Puts a whole file in the place of an older one, at one stroke: a reader sees the one or the other. Makes the folders it needs. */
  replaceFile(path: string, text: string): void;
  appendFile(path: string, text: string): void;
  /** Shows a file to the person at the screen. @returns false when there is no browser, or nobody to look */
  openInBrowser(path: string): Promise<boolean>;
  /** A file that is on the disk after each line. Replaces an older one. */
  openLog(path: string): Log;
  /** Starts a program with a few variables more in its environment. What it prints goes to stderr, so that stdout stays ours. */
  start(command: readonly string[], env: Readonly<Record<string, string>>): Program;
  /** @returns how to stop listening */
  onInterrupt(listener: () => void): () => void;
}

export interface Log {
  append(line: string): void;
  close(): void;
}

export interface Program {
  /** Its exit code, 127 when there is no such program, 128 when a signal ended it. */
  readonly exit: Promise<number>;
  stop(): void;
}

export function processIo(argv: readonly string[], cores: number): Io {
  const { env, stdout, stderr } = process;
  stdout.on('error', overlookClosedPipe);
  return {
    env,
    argv,
    style: { width: Math.min(stdout.columns ?? 80, 100), color: colorWanted(env, stdout.isTTY), unicode: unicodeWanted(env) },
    live: stderr.isTTY && env['TERM'] !== 'dumb' && !env['CI'],
    stateFolder: join(stateHome(env), 'sameconn'),
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    now: () => new Date(),
    randomSeed: () => Math.floor(Math.random() * 2 ** 31),
    cores: () => cores,
    readFile: (path) => readFileSync(path),
    statFile: (path) => {
      const { size, mtimeMs } = statSync(path);
      return { bytes: size, modifiedMs: mtimeMs };
    },
    exists: existsSync,
    writeFile: (path, text) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
    replaceFile: (path, text) => {
      mkdirSync(dirname(path), { recursive: true });
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, text);
      renameSync(draft, path);
    },
    appendFile: (path, text) => appendFileSync(path, text),
    openInBrowser: async (path) => (screenThere(env) ? opened(path) : false),
    openLog: (path) => {
      mkdirSync(dirname(path), { recursive: true });
      const isNew = !existsSync(path);
      const file = openSync(path, 'a'); // an older journal stays until there is a first line to put in its place
      let begun = false;
      return {
        append: (line) => {
          if (!begun) ftruncateSync(file);
          begun = true;
          writeSync(file, line);
          fsyncSync(file);
        },
        close: () => {
          closeSync(file);
          if (isNew && !begun) unlinkSync(path);
        },
      };
    },
    start: ([name = '', ...words], more) => {
      const child = spawn(name, words, { env: { ...env, ...more }, stdio: ['inherit', 2, 2] });
      const exit = new Promise<number>((done) => {
        child.on('error', (error: NodeJS.ErrnoException) => {
          stderr.write(`${error.code === 'ENOENT' ? `${name}: not found` : error.message}\n`);
          done(127);
        });
        child.on('exit', (code) => done(code ?? 128));
      });
      return { exit, stop: () => void child.kill() };
    },
    onInterrupt: (listener) => {
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return () => void process.off('SIGINT', listener).off('SIGTERM', listener);
    },
  };
}

// no-color.org, and what FORCE_COLOR means to most tools
function colorWanted(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return true;
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return isTerminal && env['TERM'] !== 'dumb';
}

function unicodeWanted(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale === undefined || /utf-?8/i.test(locale);
}

// Without a screen, xdg-open would start a browser for text, which nobody could see or end.
function screenThere(env: NodeJS.ProcessEnv): boolean {
  if (env['CI']) return false;
  return process.platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['WSL_DISTRO_NAME']);
}

/** Some openers end at once and some only with the browser: one that has not failed by then has worked. */
const OPENER_FAILS_WITHIN_MS = 2000;

async function opened(path: string): Promise<boolean> {
  const { default: open } = await import('open'); // few runs need it
  const opener = await open(path);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), OPENER_FAILS_WITHIN_MS);
    const over = (worked: boolean): void => {
      clearTimeout(timer);
      resolve(worked);
    };
    opener.once('error', () => over(false)).once('exit', (code) => over(code === 0));
  });
}

// The XDG base directories where they are set, else the usual place of the system.
function stateHome(env: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME: asked = '', LOCALAPPDATA: local = '' } = env;
  if (isAbsolute(asked)) return asked;
  if (process.platform === 'win32') return isAbsolute(local) ? local : join(homedir(), 'AppData', 'Local');
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Application Support') : join(homedir(), '.local', 'state');
}

// A reader that has seen enough (`sameconn … | head`) closes its end.
function overlookClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
