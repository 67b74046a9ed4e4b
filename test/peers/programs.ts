/** Programs of this machine that tests use: whether they are there, and Go's built once. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether a program can be started; says so when a test has to be skipped. */
export function here(program: string, ...asks: readonly string[]): boolean {
  const found = spawnSync(program, asks.length === 0 ? ['--version'] : asks, { timeout: 20_000 }).error === undefined;
  if (!found) console.log(`skipped: there is no ${program} on this machine`);
  return found;
}

/** Builds a Go program of this folder, unless it is there already. @returns its path */
export function builtGo(source: string): string {
  const path = fileURLToPath(new URL(`./go/${source}`, import.meta.url));
  const output = fileURLToPath(new URL('../output/', import.meta.url));
  const binary = `${output}go-${source.replaceAll(/\W/g, '-')}-${createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)}`;
  if (existsSync(binary)) return binary;
  mkdirSync(output, { recursive: true });
  const mine = `${binary}.${process.pid}`; // files of tests run side by side: each moves its own finished one into place
  execFileSync('go', ['build', '-o', mine, path], { env: { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local' } });
  renameSync(mine, binary);
  return binary;
}
