import { definePolicy } from '../define.js';
import { closeBy, connections, everywhere } from './rules.js';

/** Every request opens its own connection, and resumes the TLS session of the one before it. */
export const resumed = definePolicy({
  kind: 'resumed',
  summary: 'every request opens a connection of its own; TLS sessions are resumed',
  options: { connections, closeBy },
  rules: ({ connections, closeBy }) => ({ ...everywhere, connections, requestsPerConnection: 1, tlsSession: 'kept', closeBy }),
  promise: (requests, { connections }) => ({
    opened: { min: requests, max: requests },
    tlsFull: { min: Math.min(1, requests), max: Math.min(connections, requests) },
    tlsResumed: { min: Math.max(0, requests - connections), max: requests },
  }),
});
