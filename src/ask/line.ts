import type { OpenClient } from '../clients/client.js';
import { wire } from '../clients/wire/wire.js';
import type { ConnectionRules, Ns } from '../define.js';
import { unreachable } from '../engine/preflight.js';
import { resolveEndpoints } from '../engine/resolve.js';
import type { Clock } from '../measure/clock.js';
import { Sample } from '../measure/sample.js';
import type { Endpoint } from '../net/endpoint.js';
import type { FailureKind } from '../net/failures.js';
import { Ledger, type Connection } from '../net/ledger.js';
import type { AskedTarget } from './ask.js';

/** One request, over. */
export interface Asked {
  readonly target: AskedTarget;
  readonly endpoint: Endpoint;
  readonly sample: Readonly<Sample>;
  /** What the name cost; −1 when it was known already, or was an address. */
  readonly lookupNs: Ns;
  /** The connection that carried it, or the one that it would have gone over. */
  readonly connection: Watched;
}

/** A connection with what only an onlooker keeps. */
export interface Watched {
  readonly origin: string;
  readonly endpoint: Endpoint;
  readonly facts: Connection;
  readonly ledger: Ledger;
  /** −1 while it is open. */
  endedNs: Ns;
}

/** One origin, and a persistent client to it that keeps one connection at a time and offers TLS sessions again: what a good client would do. */
export class Line {
  readonly connections: Watched[] = [];
  #client: OpenClient | null = null;
  #endpoint: Endpoint | null = null;
  #onAllEnded = (): void => {};

  /** @param targets everything that will be asked of this origin */
  constructor(
    private readonly origin: string,
    private readonly targets: readonly AskedTarget[],
    private readonly clock: Clock,
  ) {}

  /** @throws RequestError when no address of the origin takes its first connection */
  async ask(target: AskedTarget): Promise<Asked> {
    if (this.#client !== null) return this.#exchange(target, -1);
    const beganNs = this.clock.nowNs();
    const endpoints = await resolveEndpoints(target);
    const lookupNs = endpoints[0]!.address === hostOf(target) ? -1 : this.clock.nowNs() - beganNs;
    for (const [index, endpoint] of endpoints.entries()) {
      this.#open(endpoint);
      const asked = await this.#exchange(target, lookupNs);
      if (asked.connection.facts.openedNs >= 0) return asked;
      await this.close();
      const tookConnection = asked.connection.facts.connectedNs >= 0; // another address would hide the problem
      if (tookConnection || index === endpoints.length - 1) throw unreachable(target.target.requests[0]!, endpoint, asked.sample.failure as FailureKind, target);
      this.connections.length = 0;
    }
    throw new Error('a name without an address');
  }

  /** When every connection so far has ended, whoever ended it. */
  untilAllEnded(): Promise<void> {
    return new Promise((resolve) => {
      this.#onAllEnded = resolve;
      if (this.connections.every(({ facts }) => facts.ended)) resolve();
    });
  }

  /** Ends what is open; a connection whose end the server has announced is waited for, as long as timeouts.close. */
  async close(): Promise<void> {
    await this.#client?.close();
    this.#client = null;
  }

  #open(endpoint: Endpoint): void {
    const ledger = new WatchedLedger(this.clock, endpoint.secure, (facts) => this.connections.push({ origin: this.origin, endpoint, facts, ledger, endedNs: -1 }));
    ledger.onEnd = (facts) => {
      this.connections.find((watched) => watched.facts === facts)!.endedNs = this.clock.nowNs();
      if (ledger.underWay === 0) this.#onAllEnded();
    };
    const { timeouts } = this.targets[0]!;
    const requests = this.targets.map(({ target }) => target.requests[0]!);
    this.#client = wire.open({ endpoint, rules: PERSISTENT, requests, timeouts, ledger, clock: this.clock });
    this.#endpoint = endpoint;
  }

  async #exchange(target: AskedTarget, lookupNs: Ns): Promise<Asked> {
    const sample = new Sample();
    const nowNs = this.clock.nowNs();
    sample.begin(this.targets.indexOf(target), nowNs, nowNs, true);
    await new Promise<void>((done) => {
      sample.done = () => done();
      this.#client!.exchange(sample);
    });
    // One slot, one request at a time: the newest connection is the one that carried it.
    return { target, endpoint: this.#endpoint!, sample, lookupNs, connection: this.connections.at(-1)! };
  }
}

function hostOf({ target }: AskedTarget): string {
  return new URL(target.url).hostname.replace(/^\[|\]$/g, '');
}

const PERSISTENT: ConnectionRules = { connections: 1, requestsPerConnection: Infinity, restNs: 0, tlsSession: 'kept', closeBy: 'client', protocol: 'http/1.1' };

/** A ledger that shows each connection as it is begun. */
class WatchedLedger extends Ledger {
  constructor(
    clock: Clock,
    secure: boolean,
    private readonly onBegin: (connection: Connection) => void,
  ) {
    super(clock, secure);
  }

  override begin(measured: boolean, predecessor: Connection | null): Connection {
    const connection = super.begin(measured, predecessor);
    this.onBegin(connection);
    return connection;
  }
}
