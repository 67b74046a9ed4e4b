import { definePolicy } from '../define.js';
import { connections, everywhere } from './rules.js';

/** Connections are kept for as long as the server allows. */
export const reused = definePolicy({
  kind: 'reused',
  summary: 'connections are kept and used again',
  options: { connections },
  rules: ({ connections }) => ({ ...everywhere, connections, requestsPerConnection: Infinity, tlsSession: 'none' }),
  promise: (requests, { connections }) => {
    const opened = { min: Math.min(1, requests), max: connections };
    return { opened, tlsFull: opened, tlsResumed: { min: 0, max: 0 } };
  },
});
