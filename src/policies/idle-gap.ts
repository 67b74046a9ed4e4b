import { definePolicy } from '../define.js';
import { NS_PER_S } from '../units.js';
import { connections, everywhere } from './rules.js';

/** Connections are kept, but each rests between requests: shows whether the server's idle timeout is longer than the gap. */
export const idleGap = definePolicy({
  kind: 'idle-gap',
  summary: 'connections are kept, and each rests a while between two requests',
  options: { connections, gap: { type: 'duration', summary: 'how long a connection rests, at least', default: NS_PER_S } },
  rules: ({ connections, gap }) => ({ ...everywhere, connections, requestsPerConnection: Infinity, restNs: gap, tlsSession: 'none' }),
  promise: (requests, { connections }) => {
    const opened = { min: Math.min(1, requests), max: connections };
    return { opened, tlsFull: opened, tlsResumed: { min: 0, max: 0 } };
  },
});
