/** What is asked, after loading: every default filled in, every unit read, files read, environment put in. */
import type { AnyOptions, Ns } from '../define.js';
import type { RequestSpec, Timeouts, TlsSettings } from '../net/endpoint.js';
import type { Metric } from '../result/schema.js';

export type { RequestSpec, Timeouts, TlsSettings, TlsVersion } from '../net/endpoint.js';

export interface Scenario {
  readonly name: string;
  readonly target: Target;
  readonly tls: TlsSettings;
  readonly load: Load;
  readonly arms: readonly Arm[];
  /** Name of the arm that the others are compared with. */
  readonly baseline: string;
  /** With `until`: the fewest. */
  readonly blocks: number;
  /** Go on until the primary intervals are this narrow; null: no. */
  readonly until: Until | null;
  readonly declared: Declared;
  readonly timeouts: Timeouts;
  readonly expectations: readonly Expectation[];
  /** A 32-bit integer; absent: drawn at the start of the run and written into the result. */
  readonly seed?: number;
  /** Probe the server's keep-alive contract when the rounds are over. */
  readonly probe?: ProbeSettings;
}

export interface ProbeSettings {
  /** How long an idle connection is waited for. */
  readonly capNs: Ns;
  /** Most requests on one connection. */
  readonly maxRequests: number;
  /** A path that takes 50 ms or more to answer, or ''. */
  readonly slowPath: string;
  /** Send a request that is not HTTP, too. */
  readonly badRequest: boolean;
}

export interface Until {
  /** Half-width of an interval. */
  readonly precisionNs: Ns;
  readonly maxBlocks: number;
  readonly maxTimeNs: Ns;
}

/** What the verdict rests on. */
export interface Declared {
  readonly quantiles: readonly number[];
  /** null: the larger of 0.1 ms and 2 % of the baseline. */
  readonly marginNs: Ns | null;
}

export interface Target {
  readonly url: string;
  readonly requests: readonly RequestSpec[];
  /** Codes and classes that count as completed: `200`, `2xx`. */
  readonly expectStatus: readonly string[];
  /** Source addresses, given to connections in turn; empty: the system chooses. */
  readonly localAddress: readonly string[];
  /** Path of a unix socket to connect to in place of the URL's host, or ''. */
  readonly socketPath: string;
}

export interface Load {
  readonly pacer: string;
  readonly options: AnyOptions;
  /** The measured window of one round. */
  readonly durationNs: Ns;
  readonly warmupNs: Ns;
  /** The pause between two rounds, at least. */
  readonly washoutNs: Ns;
  /** Threads; 0: as many as half the cores less one, at least one. */
  readonly workers: number;
  /** Requests dispatched and not yet done, over all workers; an arrival above it is shed. */
  readonly maxInFlight: number;
  /** `hybrid` sleeps to shortly before an arrival, then turns; `timer` only sleeps (1 ms steps), for hosts where the server shares the cores. */
  readonly pacing: 'hybrid' | 'timer';
}

export interface Arm {
  readonly name: string;
  readonly policy: string;
  readonly options: AnyOptions;
  readonly client: string;
}

/** One quantity of an arm: `reused.response.p99`, `fresh.opened`, or of all arms together: `failures`. */
export type Quantity =
  | { readonly type: 'latency'; readonly arm: string; readonly metric: Metric; readonly statistic: 'p50' | 'p90' | 'p99' | 'p999' | 'mean' | 'max' }
  /** arm '' means all arms together */
  | { readonly type: 'count'; readonly arm: string; readonly what: CountName };

export const COUNT_NAMES = ['requests', 'sent', 'completed', 'failed', 'failures', 'shed', 'aborted', 'opened', 'closed', 'tlsFull', 'tlsResumed', 'tlsFailed', 'connectFailed', 'handshakes'] as const;
export type CountName = (typeof COUNT_NAMES)[number];
export const COMPARATORS = ['<', '<=', '>', '>=', '='] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** `reused.response.p99 < 20ms`, `reused.opened <= 32`, `reused.opened = reused.requests`, `fresh - reused at p50 > 5ms`. Times in ns. */
export type Expectation = { readonly text: string; readonly comparator: Comparator } & (
  | { readonly type: 'quantity'; readonly left: Quantity; readonly right: number | Quantity }
  | { readonly type: 'difference'; readonly minuend: string; readonly subtrahend: string; readonly metric: Metric; readonly quantile: number; readonly right: Ns }
);
