/** Node's own http and https servers, in a process of their own. */
import { fileURLToPath } from 'node:url';
import { startTalking } from './child.js';
import type { Witness, WitnessServer } from './witness.js';

export interface NodeOptions {
  /** `server.keepAliveTimeout`; for ever when nothing is said. */
  readonly keepAliveTimeoutMs?: number;
}

export const node: Witness & { start(options?: NodeOptions): Promise<WitnessServer> } = {
  name: 'node',
  available: () => true,
  start: ({ keepAliveTimeoutMs = 0 } = {}) => startTalking(process.execPath, [fileURLToPath(new URL('./node-server.mjs', import.meta.url)), String(keepAliveTimeoutMs)]),
};
