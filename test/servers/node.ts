/** Node's own http and https servers, in a process of their own. */
import { fileURLToPath } from 'node:url';
import { startTalking } from './child.js';
import type { Witness } from './witness.js';

export const node: Witness = {
  name: 'node',
  available: () => true,
  start: () => startTalking(process.execPath, [fileURLToPath(new URL('./node-server.mjs', import.meta.url))]),
};
