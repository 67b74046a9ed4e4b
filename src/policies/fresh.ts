import { definePolicy } from '../define.js';
import { closeBy, connections, everywhere } from './rules.js';

/** Every request opens its own connection, with a full handshake. */
export const fresh = definePolicy({
  kind: 'fresh',
  summary: 'every request opens a connection of its own; every TLS handshake is full',
  options: { connections, closeBy },
  rules: ({ connections, closeBy }) => ({ ...everywhere, connections, requestsPerConnection: 1, tlsSession: 'none', closeBy }),
  promise: (requests) => {
    const all = { min: requests, max: requests };
    return { opened: all, tlsFull: all, tlsResumed: { min: 0, max: 0 } };
  },
});
