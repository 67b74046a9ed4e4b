/** What probes found: nothing of note, and a little of everything. */
import type { ProbedCondition, ProbeReport } from '../../src/result/probe.js';

const wait = { samplesMs: [], boundsMs: [], medianMs: null, how: null, capMs: 130_000, detail: '' };

/** A server with nothing to advise on. */
export const UNREMARKABLE: ProbeReport = {
  url: 'http://shop.test/',
  address: '192.0.2.1:80',
  server: '',
  limits: { connections: 8, requestsPerSecond: 50, capMs: 130_000, maxRequests: 2000 },
  sent: { connections: 30, requests: 300 },
  idle: { ...wait, state: 'unknown', hintSeconds: null },
  unused: { ...wait, state: 'unknown' },
  maxRequests: { state: 'none-seen', counts: [2000], announced: false, hintMax: null, detail: '' },
  maxAge: { state: 'none-seen', ageMs: 130_000, agesMs: [130_000], announced: false, paceMs: 2000, capMs: 130_000, detail: '' },
  conditions: [],
  pipelining: { state: 'in-order', sent: 3, answered: 3, aloneMs: 1, togetherMs: 2, detail: '' },
  halfClose: { state: 'answers', detail: '' },
  closing: { state: 'lingers', detail: '' },
  backends: { state: 'alike', connections: 3, requestsEach: 3, fields: [], detail: '' },
  tls: null,
  http2: null,
  addresses: [],
  advice: [],
};

const kept: Omit<ProbedCondition, 'name'> = { status: 200, announced: '', outcome: 'kept', closedAfterMs: null, how: null, detail: '' };
const address = { status: 200, server: 'nginx', failure: '', resumed: null };

/** A server behind a balancer that does a little of everything. */
export const MANIFOLD: ProbeReport = {
  ...UNREMARKABLE,
  url: 'https://staging.example.test:8443/items?page=2',
  address: '192.0.2.1:8443',
  server: 'nginx/1.22.1',
  sent: { connections: 41, requests: 6104 },
  idle: { state: 'closes', samplesMs: [4990, 5003, 5010], boundsMs: [[4980, 5001], [4992, 5010], [4870, 5020]], medianMs: 5003, how: 'fin', hintSeconds: null, capMs: 130_000, detail: '' },
  unused: { state: 'closes', samplesMs: [60_003], boundsMs: [[59_990, 60_020]], medianMs: 60_003, how: '408', capMs: 130_000, detail: '' },
  maxRequests: { state: 'policy', counts: [1000, 1000], announced: true, hintMax: 1000, detail: '' },
  maxAge: { state: 'closes', ageMs: 60_500, agesMs: [61_900, 60_500], announced: true, paceMs: 1000, capMs: 130_000, detail: '' },
  conditions: [
    { ...kept, name: 'GET' },
    { ...kept, name: 'HEAD' },
    { ...kept, name: '304 Not Modified', status: 304 },
    { ...kept, name: '404 Not Found', status: 404, announced: 'close-token', outcome: 'closed', closedAfterMs: 0.4, how: 'fin' },
    { ...kept, name: 'Connection: close', announced: 'close-token', outcome: 'announced-only' },
    { ...kept, name: 'HTTP/1.0', announced: 'http10', outcome: 'closed', closedAfterMs: 0.6, how: 'fin' },
    { ...kept, name: '1.0 + keep-alive', announced: 'eof-delimited', outcome: 'closed', closedAfterMs: 0, how: 'fin' },
    { ...kept, name: 'POST 1 MiB', status: 0, outcome: 'no-answer', how: 'reset', detail: 'the reset destroyed the answer, if there was one' },
    { ...kept, name: '100-continue', status: 0, outcome: 'failed', detail: 'the connection could not be opened (refused)' },
  ],
  pipelining: { state: 'serial', sent: 3, answered: 3, aloneMs: 204, togetherMs: 612, detail: '' },
  closing: { state: 'resets', detail: '' },
  backends: { state: 'by-connection', connections: 3, requestsEach: 3, fields: [{ name: 'x-served-by', values: ['app-1', 'app-2'] }], detail: '' },
  tls: {
    versions: [
      { version: 'TLSv1.2', spoken: true, sessions: 1, resumed: true, resumedAgain: true, ticketSeconds: 7200 },
      { version: 'TLSv1.3', spoken: true, sessions: 2, resumed: true, resumedAgain: false, ticketSeconds: 300 },
    ],
    alpn: 'h2',
    h2: true,
    alone: [{ offered: 'h2', chosen: 'h2', failure: '' }, { offered: 'http/1.1', chosen: '', failure: 'tls-protocol' }],
  },
  http2: {
    settings: { maxConcurrentStreams: 128, initialWindowSize: 65_536, maxFrameSize: 16_777_215, maxHeaderListSize: null },
    pingMs: 1.2,
    status: 200,
    requests: { state: 'goaway', carried: 1000, code: 0 },
    idle: { state: 'closed', afterMs: 5003, code: null, capMs: 130_000 },
    detail: '',
  },
  addresses: [{ ...address, address: '192.0.2.1' }, { ...address, address: '192.0.2.2', resumed: false }, { ...address, address: '2001:db8::1', status: 0, server: '', failure: 'unreachable' }],
  advice: ['Set the client’s idle timeout below 4 s: the server closes after 5.0 s and does not say so.'],
};
