/** The client that Node programs really use: its arms show what an application would see. */
import { Readable } from 'node:stream';
import { Client as UndiciClient, errors, type Dispatcher } from 'undici';
import type { Ns } from '../define.js';
import { BodyFiles, isFileBody, type BodyFile } from '../net/body-file.js';
import type { ConnectionOwner, Connector } from '../net/connector.js';
import type { Sample } from '../measure/sample.js';
import type { RequestSpec } from '../net/endpoint.js';
import { brokenExchange, type FailureKind, type SystemError } from '../net/failures.js';
import type { Connection } from '../net/ledger.js';
import { Pool, type Link, type Slot } from '../net/pool.js';
import { streamConnector, type StreamSocket } from '../net/stream-connector.js';
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
  readonly #files: BodyFiles | null;

  constructor({ endpoint, rules, requests, ledger, clock, timeouts }: ClientContext) {
    const origin = `${endpoint.secure ? 'https' : 'http'}://${endpoint.authority}`;
    const connector = streamConnector(endpoint, ledger, { keepSessions: rules.tlsSession === 'kept', resettable: rules.closeBy === 'reset' });
    const dispatches = requests.map((request) => dispatchOptions(request));
    const files = (this.#files = BodyFiles.of(requests));
    this.#pool = new Pool(rules, ledger, clock, timeouts, (slot, pool) => new UndiciLink(slot, pool, origin, connector, dispatches, files));
  }

  exchange(sample: Sample): void {
    if (this.#files !== null && this.#files.refuse(sample, this.#pool.clock)) return;
    this.#pool.exchange(sample);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await Promise.all(this.#pool.slots.map((slot) => (slot.link as UndiciLink).destroy()));
    await this.#files?.close();
  }
}

/** One slot's undici Client, and what undici tells of the one exchange that it carries at a time. */
class UndiciLink implements Link, ConnectionOwner {
  #ear = new Ear(this);
  #client: UndiciClient;
  #socket: StreamSocket | null = null;
  #connection: Connection | null = null;
  #doneNs: Ns = 0;
  #last = false;
  #saysClose = false;
  #hasLength = false;
  #handOver: HandOver | null = null;
  readonly #settle = (): void => this.#settled();

  constructor(
    private readonly slot: Slot,
    private readonly pool: Pool,
    private readonly origin: string,
    private readonly connector: Connector<StreamSocket>,
    private readonly dispatches: readonly Dispatcher.DispatchOptions[],
    private readonly files: BodyFiles | null,
  ) {
    this.#client = this.#newClient();
  }

  carry(): void {
    const options = this.dispatches[this.slot.sample!.request]!;
    const carried = this.slot.connection?.carried ?? 0;
    this.#last = carried + 1 >= this.pool.rules.requestsPerConnection;
    options.reset = this.#last && this.pool.rules.closeBy === 'server'; // shared by all links: undici reads it at once
    const file = this.files?.at(this.slot.sample!.request) ?? null;
    if (file !== null) options.body = Readable.from(this.#read(file), { objectMode: false });
    this.#client.dispatch(options, this.#ear);
  }

  /** A body from disk. undici counts its bytes and holds to the length that the head says. */
  async *#read(file: BodyFile): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* file.parts();
    } catch (error) {
      this.#connection?.endLocally('body-lost');
      throw error;
    }
  }

  /** A request that undici has not written yet cannot be taken back from it, so the whole Client goes. */
  abandon(): void {
    this.#ear.link = null;
    this.#handOver = null;
    void this.#client.destroy();
    this.#socket?.destroy();
    this.#socket = null;
    this.#ear = new Ear(this);
    this.#client = this.#newClient();
  }

  close(): void {
    this.#connection?.endLocally('round-end');
    this.#socket?.destroy();
  }

  destroy(): Promise<void> {
    return this.#client.destroy();
  }

  // ---- the connection

  #newClient(): UndiciClient {
    return new UndiciClient(this.origin, {
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: LONGEST_MS,
      keepAliveMaxTimeout: LONGEST_MS,
      keepAliveTimeoutThreshold: -LONGEST_MS, // hint − threshold ≥ max: no hint shortens it
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => this.#open(callback as HandOver),
    });
  }

  #open(handOver: HandOver): void {
    this.#handOver = handOver;
    this.#connection = this.pool.opening(this.slot);
    this.#socket = this.connector.open(this.#connection, this, this.slot.session);
    this.#socket.on('error', onSocketError);
  }

  ready(connection: Connection): void {
    if (this.#connection === connection) this.#handOverOnce(null, this.#socket);
  }

  session(session: Buffer): void {
    this.slot.session = session;
  }

  peerEnded(): void {} // undici destroys the socket itself
  received(): void {} // undici reads
  drained(): void {}

  gone(connection: Connection, error: SystemError | null): void {
    if (this.#connection === connection) {
      this.#socket = null;
      // Without the code of the failure: on ERR_TLS_CERT_ALTNAME_INVALID undici 7 loses count of its requests and never sends again.
      if (connection.openedNs < 0) this.#handOverOnce(new Error(connection.failure, { cause: error }), null);
    }
    this.pool.gone(this.slot, connection);
  }

  #handOverOnce(error: Error | null, socket: StreamSocket | null): void {
    const handOver = this.#handOver;
    this.#handOver = null;
    handOver?.(error, socket);
  }

  // ---- the exchange

  sent(): void {
    this.#saysClose = this.#hasLength = false;
    this.pool.sent(this.slot, this.#connection!);
  }

  began(): void {
    const sample = this.slot.sample;
    if (sample === null || sample.firstByteNs >= 0) return;
    sample.firstByteNs = this.pool.clock.nowNs();
    this.#connection!.phase = 'receiving';
  }

  head(status: number, headers: readonly Buffer[]): void {
    const sample = this.slot.sample;
    if (sample === null || status < 200) return;
    sample.status = status;
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const name = headers[i]!;
      if (isNamed(name, 'connection')) this.#saysClose ||= CLOSE_TOKEN.test(headers[i + 1]!.toString('latin1'));
      else if (isNamed(name, 'content-length') || isNamed(name, 'transfer-encoding')) this.#hasLength = true;
    }
  }

  data(chunk: Buffer): void {
    if (this.slot.sample !== null) this.slot.sample.bytesIn += chunk.length;
  }

  complete(): void {
    this.#doneNs = this.pool.clock.nowNs();
    if (this.#saysClose) this.#connection!.announced = 'close-token';
    if (this.#last) {
      this.#connection!.endLocally('policy');
      if (this.pool.rules.closeBy === 'reset' && this.#socket !== null) this.#socket.reset();
      else if (this.pool.rules.closeBy === 'client') this.#socket?.destroy();
    }
    // undici decides only after this call whether it keeps the connection; a microtask later its socket tells.
    queueMicrotask(this.#settle);
  }

  /** A microtask later: the next exchange may start at once, and undici, still clearing its queue, insists that it is empty. */
  failed(): void {
    const { sample } = this.slot;
    if (sample === null) return;
    const failure = this.#failure();
    if (failure === 'request-body') this.abandon(); // else undici opens a connection for the request that it has just given up
    queueMicrotask(() => {
      if (this.slot.sample === sample) this.pool.failed(this.slot, failure);
    });
  }

  #settled(): void {
    const connection = this.#connection!;
    const kept = this.#socket !== null && !this.#socket.destroyed;
    if (!kept && !this.#last && connection.announced === '') {
      if (isRefusal(this.#socket?.errored ?? null)) connection.endLocally('protocol-error');
      else connection.announced = this.#hasLength ? 'http10' : 'eof-delimited';
    }
    this.pool.completed(this.slot, connection, kept && !this.#last, this.#doneNs);
  }

  #failure(): FailureKind {
    const connection = this.#connection;
    if (connection === null || connection.openedNs < 0) return (connection?.failure || 'connect-error') as FailureKind;
    if (connection.localEnd === 'body-lost') return 'request-body';
    return connection.localEnd === 'protocol-error' ? 'protocol' : brokenExchange(connection);
  }
}

type HandOver = (error: Error | null, socket: StreamSocket | null) => void;

/** undici's raw handler, which spares it the header object. It serves all exchanges of a link; once one was given up, nobody listens any more. */
class Ear implements Dispatcher.DispatchHandler {
  constructor(public link: UndiciLink | null) {}

  onConnect(abort: () => void): void {
    if (this.link === null) abort();
    else this.link.sent();
  }
  onResponseStarted(): void {
    this.link?.began();
  }
  onHeaders(status: number, headers: Buffer[]): boolean {
    this.link?.head(status, headers);
    return true;
  }
  onData(chunk: Buffer): boolean {
    this.link?.data(chunk);
    return true;
  }
  onComplete(): void {
    this.link?.complete();
  }
  onError(): void {
    this.link?.failed();
  }
}

/** undici destroys a socket whose bytes it does not accept with an error of its own; the ledger has to know before the socket is closed. */
function onSocketError(this: StreamSocket, error: Error): void {
  if (this.connection.signal === '' && isRefusal(error)) this.connection.endLocally('protocol-error');
}

/** A SocketError stands for a FIN as well: then the connection has its signal already. An InformationalError is no refusal, only the end that undici planned. */
function isRefusal(error: Error | null): boolean {
  return REFUSALS.some((refusal) => error instanceof refusal);
}

const REFUSALS = [errors.HTTPParserError, errors.SocketError, errors.HeadersOverflowError, errors.ResponseContentLengthMismatchError];

function dispatchOptions(request: RequestSpec): Dispatcher.DispatchOptions {
  return {
    path: request.path,
    method: request.method as Dispatcher.HttpMethod,
    headers: [...Object.entries(request.headers).flat(), ...(isFileBody(request.body) ? ['content-length', String(request.body.length)] : [])],
    body: isFileBody(request.body) ? null : request.body,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

const CLOSE_TOKEN = /(^|[,\s])close($|[,\s])/i;

function isNamed(name: Buffer, lowerCase: string): boolean {
  return name.length === lowerCase.length && name.toString('latin1').toLowerCase() === lowerCase;
}
