import { definePolicy } from '../define.js';
import { closeBy, connections, everywhere } from './rules.js';

/** A connection carries a fixed number of requests, then a new one takes its place. */
export const capped = definePolicy({
  kind: 'capped',
  summary: 'a connection carries n requests, then a new one takes its place',
  options: { connections, requests: { type: 'count', summary: 'requests that one connection carries', default: 100, min: 1 }, closeBy },
  rules: ({ connections, requests, closeBy }) => ({ ...everywhere, connections, requestsPerConnection: requests, tlsSession: 'none', closeBy }),
  promise: (requests, options) => {
    const needed = Math.ceil(requests / options.requests);
    const opened = { min: needed, max: Math.min(requests, needed + options.connections) }; // each slot may end the round with a part-used connection
    return { opened, tlsFull: opened, tlsResumed: { min: 0, max: 0 } };
  },
});
