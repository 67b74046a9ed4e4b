/**
 * The result file, `reports/<name>.json`: one schema for the types, for reading files back, and for the published JSON Schema (`reports/result.schema.json`).
 * A key that is added makes a new minor version, and older readers overlook it; one that is renamed, removed or given another unit makes a new major one.
 */
import { z } from 'zod';
import { declared, precision, until } from './declared-schema.js';
import { encodedHistogram, latency } from './distribution-schema.js';
import { hostFloor, hostSettings, scenarioOrigin } from './environment-schema.js';
import { probeReport } from './probe.js';

export const SCHEMA_VERSION = '1.2.0';

const count = z.int().min(0);
const counts = z.record(z.string(), count);
const ms = z.number();

/** The six distributions of an exchange; connect and tls hold only exchanges that paid for one. */
export const METRICS = ['response', 'service', 'wait', 'late', 'connect', 'tls'] as const;
export type Metric = (typeof METRICS)[number];

const requestCounts = z.object({
  planned: count.describe('arrivals of the window; planned = sent + shed + aborted'),
  sent: count.describe('requests whose head was written; sent = completed + failed'),
  completed: count.describe('whole responses with an expected status'),
  failed: count,
  shed: count.describe('arrivals that could not leave because the in-flight limit was reached'),
  aborted: count.describe('arrivals that got no connection to leave on'),
  failures: counts.describe('by kind; their sum is failed + aborted'),
  statuses: counts.describe('responses by status code'),
  bytesIn: count,
});

const connectionCounts = z.object({
  attempts: count.describe('connections begun; attempts = opened + connectFailed'),
  connectFailed: count,
  opened: count.describe('TCP connections established'),
  tlsFull: count,
  tlsResumed: count,
  tlsFailed: count.describe('tlsFull + tlsResumed + tlsFailed = opened over https'),
  closed: count,
  closedBy: counts.describe('why connections ended; their sum is closed'),
  openedBecause: counts.describe('one reason for each attempt; their sum is attempts'),
});

const requests = z.object({ ...requestCounts.shape, warmup: requestCounts });
const connections = z.object({
  ...connectionCounts.shape,
  warmup: connectionCounts,
  peakOpen: count.describe('most connections open at one instant, over all workers (sum of the workers’ peaks)'),
  peakNeeded: count.describe('most connections in use at one instant (sum of the workers’ peaks): what perfect reuse would open'),
  requestsPerConnection: counts.describe('how many connections carried how many requests, warm-up included'),
  idle: z
    .strictObject({
      beforeReuse: encodedHistogram.describe('how long a connection had been idle when it was used again: one for each request but the first of a connection'),
      beforeServerClose: encodedHistogram.describe('how long a connection had been idle when the server closed or reset it'),
    })
    .optional()
    .describe('in ns, warm-up included'),
});

/** What the load generator cost itself in one round, summed or worst over workers. */
const generator = z.object({
  cpuMs: ms.describe('CPU time of this process during the round'),
  loopUtilization: z.number().describe('the busiest worker’s event-loop utilization, 0 to 1'),
  longestTurnMs: ms.describe('longest time the sending loop of a worker was away'),
  over60s: count.describe('times longer than 60 s, recorded as 60 s'),
});

const share = z.number().min(0);
const half = z.object({ count, p50Ms: ms });

/** Counters of the kernel over one round, in this process's network namespace; others who use it are counted as well. */
const kernelCounts = z.object({
  activeOpens: count.describe('TCP connections begun'),
  estabResets: count,
  retransmitted: count.describe('segments sent again'),
  synRetransmitted: count,
  listenOverflows: count,
  listenDrops: count,
});

/** The host over one round; null: this system does not tell. */
const host = z.object({
  cores: count,
  quotaCores: z.number().nullable().optional().describe('cores’ worth of time that the tightest CPU quota around this process allows; null: none'),
  queuedShare: share.nullable().describe('time that this process’s threads were ready and had no core, as a share of the round: their sum'),
  pressureShare: share.nullable().describe('share of the round in which some task waited for a core (PSI cpu some): of our cgroup, else of the host'),
  throttledShare: share.nullable().describe('time that the cgroup’s CPU quota held us back, as a share of the round'),
  stealShare: share.nullable().describe('share of all cores’ time that the hypervisor gave to others'),
  kernel: kernelCounts.nullable(),
  timeWait: count.nullable().describe('sockets in TIME_WAIT when the round was over'),
  ports: count.nullable().describe('local ports to connect from: the range, times the source addresses'),
  portHeldMs: ms.nullable().describe('how long a port stays taken after we close its connection first; null: no ports (unix socket)'),
  openFds: count.nullable().describe('when the round began'),
  fdLimit: count.nullable(),
});

/** What a round saw of itself and of its host, for the gates to judge. */
const observed = z.object({
  elapsedMs: ms.describe('from the first connection’s chance to the last one’s end'),
  served: z.object({ p50Ms: ms, p99Ms: ms }).describe('done − dispatched: response without the generator’s lateness'),
  halves: z.object({ first: half, second: half }).describe('response time of the two halves of the window'),
  inFlightMs: ms.describe('∫ requests in flight dt over the whole round, warm-up included'),
  exchangesMs: ms.describe('Σ (done − dispatched) of the same exchanges'),
  stalledMs: ms.describe('part of the window in which the sending loop was away for more than 20 ms at a time: the worst worker'),
  gc: z.object({ count, totalMs: ms, longestMs: z.array(ms).describe('the longest pauses of the window, at most 32, longest first') }),
  clockSkewUs: z.number().describe('how far a worker’s clock was from the shared one, at most'),
  tls: z.array(z.string()).describe('protocol and cipher of each worker’s first handshake, each once'),
  host,
});

const slices = z.array(count);
const sliceQuantiles = z.object({ p50: z.array(ms.nullable()), p99: z.array(ms.nullable()) }).describe('null: none in that slice');

/** The measured window by time. Every list has one element for each slice and a last one for what came after the window; its sums are those of `requests`. */
const series = z.object({
  sliceMs: ms.describe('length of a slice; the last one of the window may be shorter'),
  planned: slices.describe('by the instant they were due'),
  sent: slices.describe('by the instant their head was written'),
  completed: slices.describe('by their end, as failed and the response times'),
  failed: slices,
  shed: slices,
  opened: slices.describe('TCP connections established in the slice, whichever exchange caused them; as the handshakes'),
  tlsFull: slices,
  tlsResumed: slices,
  inFlight: slices.describe('most at one instant (sum of the workers’ peaks)'),
  lateMs: sliceQuantiles,
  responseMs: sliceQuantiles,
  response: z.array(encodedHistogram),
});

/** The first connections of the window one by one, in ms from its start (before it: negative), complete up to `untilMs`; null: not by then. */
const strip = z.object({
  untilMs: ms.describe('2 s at most; sooner when 40 connections or 600 requests had been seen'),
  workers: count.describe('it follows the connections of one of so many workers'),
  connections: z.array(z.object({
    begunMs: ms,
    connectedMs: ms.nullable(),
    securedMs: ms.nullable(),
    resumed: z.boolean(),
    endedMs: ms.nullable(),
    sentMs: z.array(ms),
    doneMs: z.array(ms.nullable()),
  })),
});

export const roundResult = z.object({
  index: count,
  block: count,
  arm: z.string(),
  startedAtMs: ms.describe('since the start of the run'),
  warmupMs: ms,
  windowMs: ms,
  requests,
  connections,
  histograms: z.object(Object.fromEntries(METRICS.map((metric) => [metric, encodedHistogram])) as Record<Metric, typeof encodedHistogram>),
  generator,
  observed: observed.optional(),
  series: series.optional(),
  strip: strip.optional().describe('in the first round of each arm'),
});

const option = z.union([z.number(), z.string(), z.null(), z.array(z.object({ rate: z.number(), forNs: z.number() }))]);
const options = z.record(z.string(), option).describe('durations in ns, rates per second');

const promiseFact = z.object({ what: z.enum(['opened', 'tlsFull', 'tlsResumed']), actual: count, min: count, max: count, held: z.boolean() });

/** What the policy promised about every round of the arm, against what happened; `broken` counts rounds. */
const promiseOutcome = z.object({ held: z.boolean(), rounds: count, broken: count, sentence: z.string(), facts: z.array(promiseFact) });

const armResult = z.object({
  name: z.string(),
  policy: z.string(),
  options,
  client: z.string(),
  totals: z.object({
    requests,
    connections,
    latencyMs: z.object(Object.fromEntries(METRICS.map((metric) => [metric, latency])) as Record<Metric, typeof latency>),
  }),
  promise: promiseOutcome,
});

const interval = z.object({ lowMs: ms, highMs: ms, level: z.number(), method: z.string() });

export const COMPARISON_STATES = ['faster', 'faster-small', 'slower', 'slower-small', 'same', 'cannot-tell'] as const;

const comparison = z.object({
  baseline: z.string(),
  candidate: z.string(),
  metric: z.enum(METRICS),
  quantile: z.number(),
  estimateMs: ms.nullable().describe('baseline − candidate: positive when the candidate is faster; null without enough samples'),
  ci: interval.nullable(),
  relative: z.object({ percent: z.number(), lowPercent: z.number().nullable(), highPercent: z.number().nullable(), level: z.number().nullable() }).nullable().optional()
    .describe('in percent of the baseline, positive when the candidate is faster; its interval is that of the logarithms, turned back; null without an estimate'),
  marginMs: ms,
  state: z.enum(COMPARISON_STATES),
  primary: z.boolean(),
  detail: z.string().describe('what is missing for an estimate or an interval, or ""'),
});

const gate = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['pass', 'warn', 'fail', 'not-measured']),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  unit: z.string(),
  detail: z.string(),
  remedy: z.string(),
});

const expectation = z.object({ text: z.string(), state: z.enum(['met', 'failed', 'cannot-tell']), detail: z.string() });

const planRecord = z.object({
  pacer: z.string(),
  model: z.enum(['open', 'closed']),
  options,
  pacing: z.enum(['hybrid', 'timer']),
  blocks: count,
  order: z.array(z.array(z.string())).describe('arm names in the order they ran, one list a block'),
  warmupMs: ms,
  washoutMs: ms.optional().describe('pause between two rounds, at least'),
  windowMs: ms,
  workers: count,
  maxInFlight: count,
  timeoutsMs: z.object({ connect: ms, response: ms, close: ms }),
  baseline: z.string(),
  declared: declared.optional(),
  until: until.optional(),
  expectStatus: z.array(z.string()),
  notes: z.array(z.string()).describe('what the plan changed or could not do, in sentences'),
});

const targetRecord = z.object({
  url: z.string(),
  requests: z.array(z.object({ name: z.string(), method: z.string(), path: z.string(), weight: z.number(), bodyBytes: count })),
  headers: z.record(z.string(), z.string()).describe('secrets redacted'),
  address: z.string().describe('the literal address that every connection went to'),
  family: z.union([z.literal(0), z.literal(4), z.literal(6)]),
  tls: z.object({ protocol: z.string(), cipher: z.string(), servername: z.string(), verified: z.boolean() }).nullable(),
});

/** What a run is, known before its first round: the first line of the journal. */
export const runRecord = z.object({
  schemaVersion: z.string(),
  tool: z.object({ name: z.literal('sameconn'), version: z.string(), node: z.string(), undici: z.string(), openssl: z.string() }),
  run: z.object({ id: z.string(), name: z.string(), startedAt: z.string(), seed: z.int(), command: z.array(z.string()), scenario: scenarioOrigin.optional() }),
  environment: z.object({
    os: z.string(),
    kernel: z.string(),
    cpu: z.string(),
    cores: count,
    memoryBytes: count,
    hostname: z.string(),
    settings: hostSettings.optional(),
    floor: hostFloor.nullable().optional().describe('what sameconn selftest measured on this host before the run; null: nothing'),
  }),
  plan: planRecord,
  target: targetRecord,
  arms: z.array(z.object({ name: z.string(), policy: z.string(), options, client: z.string() })),
  expectations: z.array(z.string()),
});

export const resultFile = z.object({
  $schema: z.string().optional(),
  ...runRecord.omit({ run: true, arms: true, expectations: true }).shape,
  run: z.object({ ...runRecord.shape.run.shape, complete: z.boolean(), durationMs: ms }),
  arms: z.array(armResult),
  rounds: z.array(roundResult),
  comparisons: z.array(comparison),
  precision: precision.optional(),
  gates: z.array(gate),
  verdict: z.object({ state: z.enum([...COMPARISON_STATES, 'untrustworthy', 'not-judged']), sentence: z.string() }),
  expectations: z.array(expectation),
  probe: probeReport.optional().describe('the server’s keep-alive contract, when the scenario asked for it'),
});

export type { EncodedHistogram, LatencySummary } from './distribution-schema.js';
export type RequestCounts = z.infer<typeof requestCounts>;
export type ConnectionCounts = z.infer<typeof connectionCounts>;
export type RoundRequests = z.infer<typeof requests>;
export type RoundConnections = z.infer<typeof connections>;
export type RoundResult = z.infer<typeof roundResult>;
export type RoundSeries = z.infer<typeof series>;
export type RoundStrip = z.infer<typeof strip>;
export type Observed = z.infer<typeof observed>;
export type HostObservation = Observed['host'];
export type { HostFloor, HostSettings, ScenarioOrigin } from './environment-schema.js';
export type RunRecord = z.infer<typeof runRecord>;
export type ArmResult = z.infer<typeof armResult>;
export type PromiseOutcome = z.infer<typeof promiseOutcome>;
export type Comparison = z.infer<typeof comparison>;
export type Relative = NonNullable<Comparison['relative']>;
export type GateOutcome = z.infer<typeof gate>;
export type ExpectationOutcome = z.infer<typeof expectation>;
/** The whole analysed result: what a reporter draws and what the file holds. */
export type Result = z.infer<typeof resultFile>;
export type Verdict = Result['verdict'];
