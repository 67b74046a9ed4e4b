/** Go's net/http server, built from go/main.go when that has changed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startTalking } from './child.js';
import type { Witness, WitnessServer } from './witness.js';

export interface GoOptions {
  /** How long an idle connection is kept, as Go writes it: `3s`; for ever when nothing is said. */
  readonly idle?: string;
}

const SOURCE = fileURLToPath(new URL('./go/main.go', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));

export const go: Witness & { start(options?: GoOptions): Promise<WitnessServer> } = {
  name: 'go',
  available: () => spawnSync('go', ['version']).status === 0 || 'there is no go on this machine (apt-get install golang-go)',
  start: async ({ idle = '0s' } = {}) => startTalking(build(), ['-idle', idle]),
};

/** Tests in several processes may build at once: each moves its own finished file into place. */
function build(): string {
  const binary = `${OUTPUT}go-server-${createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 12)}`;
  if (existsSync(binary)) return binary;
  mkdirSync(OUTPUT, { recursive: true });
  const mine = `${binary}.${process.pid}`;
  execFileSync('go', ['build', '-o', mine, SOURCE], { env: { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local' } });
  renameSync(mine, binary);
  return binary;
}
