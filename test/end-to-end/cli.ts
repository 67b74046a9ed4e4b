/** The built program, run as a person runs it: words in; stdout, stderr and exit code out. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const BIN = resolve(import.meta.dirname, '../../bin/sameconn.js');

/** Nothing is stored here: the state of whoever runs the tests is neither read nor written. */
const NO_STATE = join(tmpdir(), `sameconn-no-state-${process.pid}`);

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Resolves when stderr holds the text. */
  heard(text: string): Promise<void>;
}

/** Starts `sameconn` with these words. */
export function start(words: readonly string[], env: NodeJS.ProcessEnv = {}, wrap: readonly string[] = []): Running {
  const [command = process.execPath, ...rest] = [...wrap, process.execPath, BIN, ...words];
  const child = spawn(command, rest, { env: { ...process.env, CI: 'true', FORCE_COLOR: '0', NO_COLOR: '', XDG_STATE_HOME: NO_STATE, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; done: () => void }[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const { text: awaited, done } of waiting) if (stderr.includes(awaited)) done();
  });
  const ended = new Promise<Outcome>((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })));
  return { child, ended, heard: (text) => new Promise((done) => (stderr.includes(text) ? done() : waiting.push({ text, done }))) };
}

export function sameconn(...words: readonly string[]): Promise<Outcome> {
  return start(words).ended;
}

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sameconn-e2e-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Exit codes of a run that went through: the machine that tests may be too busy to be trusted with a verdict, and then says 3. */
export const WENT_THROUGH: readonly (number | null)[] = [0, 3];
