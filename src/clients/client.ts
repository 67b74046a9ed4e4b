/** The seam of the clients: who carries out a policy. */
import type { ConnectionRules } from '../define.js';
import type { Clock } from '../measure/clock.js';
import type { Sample } from '../measure/sample.js';
import type { Endpoint, RequestSpec, Timeouts } from '../net/endpoint.js';
import type { Ledger } from '../net/ledger.js';

export interface Client {
  readonly kind: string;
  readonly summary: string;
  /** true, or why it cannot carry out these rules. */
  supports(rules: ConnectionRules): true | string;
  open(context: ClientContext): OpenClient;
}

/** What a client is opened with: for one worker and one round. */
export interface ClientContext {
  readonly endpoint: Endpoint;
  /** The worker's own share: `connections` is what this worker may use. */
  readonly rules: ConnectionRules;
  readonly requests: readonly RequestSpec[];
  readonly timeouts: Timeouts;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

export interface OpenClient {
  /** Sends one of the context's requests as soon as a connection is there; `sample.done` is called once, when it is over. Never throws. */
  exchange(sample: Sample): void;
  /** Ends every connection and waits until all are gone. Exchanges still under way fail as `stopped`. */
  close(): Promise<void>;
}

/** The client of an arm that names none. */
export const DEFAULT_CLIENT = 'wire';
