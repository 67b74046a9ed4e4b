/** The client that Node programs really use: its arms show what an application would see. */
import { Client as UndiciClient, type Dispatcher } from 'undici';
import type { Ns } from '../define.js';
import { connectorTo, type ConnectedSocket, type ConnectionOwner, type Connector } from '../net/connector.js';
import type { Sample } from '../measure/sample.js';
import type { RequestSpec } from '../net/endpoint.js';
import { brokenExchange, type FailureKind } from '../net/failures.js';
import type { Connection } from '../net/ledger.js';
import { Pool, type Link, type Slot } from '../net/pool.js';
import type { Client, ClientContext, OpenClient } from './client.js';

/**
 * undici 7.x behind our pool: one undici Client for each slot, so that which connection carries which exchange is ours to say. What is turned off, so that the
 * policy is carried out and not undici's own: HTTP/2 (`allowH2`), its TLS session cache (our connector keeps sessions strongly, per slot), its idle timeout and
 * its reading of `Keep-Alive` hints (the server's own timeout is what counts), pipelining above 1, its n+1 request cap (each request says `reset` itself, which
 * also keeps a connection over HEAD), its own timeouts (the pool has one sweep for all). What remains: it waits one turn of the event loop before it uses a
 * connection again, and it closes its own side as soon as a last response is complete, without waiting for the server's FIN.
 */
export const undici: Client = {
  kind: 'undici',
  summary: 'undici, the HTTP client inside Node: what an application would see',
  supports: () => true,
  open: (context) => new UndiciPool(context),
};

const LONGEST_MS = 2 ** 31 - 1;

class UndiciPool implements OpenClient {
  readonly #pool: Pool;

  constructor({ endpoint, rules, requests, ledger, clock, timeouts }: ClientContext) {
    const origin = `${endpoint.secure ? 'https' : 'http'}://${endpoint.authority}`;
    const connector = connectorTo(endpoint, ledger, rules.tlsSession === 'kept');
    const dispatches = requests.map((request) => dispatchOptions(request));
    this.#pool = new Pool(rules, ledger, clock, timeouts, (slot, pool) => new UndiciLink(slot, pool, origin, connector, dispatches));
  }

  exchange(sample: Sample): void {
    this.#pool.exchange(sample);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await Promise.all(this.#pool.slots.map((slot) => (slot.link as UndiciLink).client.destroy()));
  }
}

/** One slot's undici Client, and the handler of the one exchange that it carries at a time. */
class UndiciLink implements Link, ConnectionOwner, Dispatcher.DispatchHandler {
  readonly client: UndiciClient;
  #socket: ConnectedSocket | null = null;
  #connection: Connection | null = null;
  #doneNs: Ns = 0;
  #last = false;
  #abort: ((error?: Error) => void) | null = null;
  #abandoned = false;
  #handOver: ((error: Error | null, socket: ConnectedSocket | null) => void) | null = null;
  readonly #settle = (): void => this.#settled();

  constructor(
    private readonly slot: Slot,
    private readonly pool: Pool,
    origin: string,
    private readonly connector: Connector,
    private readonly dispatches: readonly Dispatcher.DispatchOptions[],
  ) {
    this.client = new UndiciClient(origin, {
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: LONGEST_MS,
      keepAliveMaxTimeout: LONGEST_MS,
      keepAliveTimeoutThreshold: -LONGEST_MS, // hint − threshold ≥ max: no hint shortens it
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => this.#open(callback as (error: Error | null, socket: ConnectedSocket | null) => void),
    });
  }

  carry(): void {
    const options = this.dispatches[this.slot.sample!.request]!;
    const carried = this.slot.connection?.carried ?? 0;
    this.#last = carried + 1 >= this.pool.rules.requestsPerConnection;
    this.#abandoned = false;
    options.reset = this.#last; // shared by all links: undici reads it at once
    this.client.dispatch(options, this);
  }

  abandon(): void {
    this.#abandoned = true;
    this.#abort?.();
    this.#socket?.destroy();
  }

  close(): void {
    this.#connection?.endLocally('round-end');
    this.#socket?.destroy();
  }

  // ---- the connection

  #open(callback: (error: Error | null, socket: ConnectedSocket | null) => void): void {
    this.#handOver = callback;
    this.#connection = this.pool.opening(this.slot);
    this.#socket = this.connector.open(this.#connection, this, this.slot.session);
  }

  ready(_connection: Connection, socket: ConnectedSocket): void {
    const handOver = this.#handOver;
    this.#handOver = null;
    handOver?.(null, socket);
  }

  session(session: Buffer): void {
    this.slot.session = session;
  }

  peerEnded(): void {} // undici destroys the socket itself

  gone(connection: Connection, error: NodeJS.ErrnoException | null): void {
    if (this.#connection === connection) this.#socket = null;
    const handOver = this.#handOver;
    this.#handOver = null;
    if (connection.openedNs < 0) handOver?.(error ?? new Error(connection.failure), null);
    this.pool.gone(this.slot, connection);
  }

  // ---- the exchange: undici's raw handler, which spares it the header object

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#abandoned) return abort();
    this.pool.sent(this.slot, this.#connection!);
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    const sample = this.slot.sample;
    if (sample === null) return true;
    if (sample.firstByteNs < 0) {
      sample.firstByteNs = this.pool.clock.nowNs();
      this.#connection!.phase = 'receiving';
    }
    if (status < 200) return true;
    sample.status = status;
    if (saysClose(headers)) this.#connection!.announced = 'close-token';
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.slot.sample !== null) this.slot.sample.bytesIn += chunk.length;
    return true;
  }

  onComplete(): void {
    this.#abort = null;
    if (this.#abandoned) return;
    this.#doneNs = this.pool.clock.nowNs();
    if (this.#last) {
      this.#connection!.endLocally('policy');
      if (this.pool.rules.closeBy === 'reset') this.#socket?.resetAndDestroy();
    }
    // undici decides only after this call whether it keeps the connection; a microtask later its socket tells.
    queueMicrotask(this.#settle);
  }

  onError(error: Error & { code?: string }): void {
    this.#abort = null;
    if (this.#abandoned || this.slot.sample === null) return;
    const failure = this.#failureOf(error);
    queueMicrotask(() => this.pool.failed(this.slot, failure)); // the next exchange may start at once, and undici is still clearing its queue
  }

  onUpgrade(): void {
    const connection = this.#connection!;
    connection.endLocally('upgrade');
    this.#socket?.destroy();
    this.pool.failed(this.slot, 'upgrade');
  }

  #settled(): void {
    const connection = this.#connection!;
    const kept = this.#socket !== null && !this.#socket.destroyed;
    if (!kept && !this.#last && connection.announced === '') connection.announced = connection.signal === 'eof' ? 'eof-delimited' : 'http10';
    this.pool.completed(this.slot, connection, kept && !this.#last, this.#doneNs);
  }

  #failureOf(error: Error & { code?: string }): FailureKind {
    const connection = this.#connection;
    if (connection === null || connection.openedNs < 0) return (connection?.failure || 'connect-error') as FailureKind;
    if (connection.signal !== '') return brokenExchange(connection);
    connection.endLocally('protocol-error');
    return error.code?.startsWith('UND_ERR_SOCKET') ? 'closed' : 'protocol';
  }
}

function dispatchOptions(request: RequestSpec): Dispatcher.DispatchOptions {
  return {
    path: request.path,
    method: request.method as Dispatcher.HttpMethod,
    headers: Object.entries(request.headers).flat(),
    body: request.body,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

function saysClose(headers: readonly Buffer[]): boolean {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i]!;
    if (name.length === 10 && name.toString('latin1').toLowerCase() === 'connection' && /(^|[,\s])close($|[,\s])/i.test(headers[i + 1]!.toString('latin1'))) return true;
  }
  return false;
}
