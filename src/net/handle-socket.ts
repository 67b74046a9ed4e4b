import { getSystemErrorName } from 'node:util';
import type { Bindings, ConnectRequest, TcpHandle, TlsHandle, WriteRequest } from './bindings.js';
import { enterEnd, isReset, type ConnectedSocket, type ConnectionOwner } from './connector.js';
import type { SystemError } from './failures.js';
import type { Connection, Ledger } from './ledger.js';

/** What all connections to one endpoint have in common. */
export interface HandleContext {
  readonly bindings: Bindings;
  readonly ledger: Ledger;
  /** All sockets of a worker read into it. */
  readonly buffer: Uint8Array;
  /** A literal IP address. */
  readonly address: string;
  readonly port: number;
  readonly isV6: boolean;
  /** The next source address, or '' when the system chooses. */
  source(): string;
}

/** A TCP connection on a handle of libuv. While the handle is open, Node holds it, and it holds this socket and with it the buffer that the kernel's bytes are put into. */
export class HandleSocket implements ConnectedSocket {
  lingering = -1;
  protected readonly tcp: OwnedTcp;
  protected failedWith: SystemError | null = null;
  protected closing = false;
  /** The last write that was not over at once. TLS carries only one at a time. */
  #pending: OwnedWrite | null = null;
  #writes = 0;
  /** What waits behind it. */
  #queue: Uint8Array[] | null = null;
  /** Since the SYN: the system is then told once what is waited for, and not again when the connection stands. */
  #reading = false;

  constructor(
    protected readonly context: HandleContext,
    readonly connection: Connection,
    readonly owner: ConnectionOwner,
  ) {
    this.tcp = context.bindings.newTcp() as OwnedTcp;
    this.tcp.socket = this;
  }

  open(): this {
    const { bindings, address, port, isV6 } = this.context;
    this.listen();
    const source = this.context.source();
    let error = source === '' ? 0 : isV6 ? this.tcp.bind6(source, 0, 0) : this.tcp.bind(source, 0);
    if (error === 0) {
      const request = spareConnects.pop() ?? newConnectRequest(bindings);
      error = isV6 ? this.tcp.connect6(request, address, port) : this.tcp.connect(request, address, port);
    }
    if (error !== 0) this.failLater(error);
    else this.#reading = this.tcp.readStart() === 0;
    return this;
  }

  write(bytes: Uint8Array): void {
    this.put(bytes, false);
  }

  send(bytes: Uint8Array): boolean {
    return this.put(bytes, true);
  }

  destroy(): void {
    if (this.closing) return;
    this.closing = true;
    this.shut(false);
  }

  reset(): void {
    if (this.closing) return;
    this.closing = true;
    this.shut(true);
  }

  // ---- what the handle tells

  connected(error: number): void {
    if (this.closing) return;
    if (error !== 0) return this.fail(error);
    const { connection, context: { ledger } } = this;
    if (ledger.onEnd !== null) this.noteAddresses();
    ledger.connected(connection);
    this.stand();
  }

  read(): void {
    if (this.closing) return;
    const bytes = this.context.bindings.readBytes();
    if (bytes > 0) this.owner.received(this, this.context.buffer, bytes);
    else if (bytes === EOF) {
      this.connection.peerEnded('eof');
      this.owner.peerEnded(this.connection, this);
    } else if (bytes < 0) this.fail(bytes);
  }

  written(error: number): void {
    if (this.closing) return;
    if (error !== 0) return this.fail(error);
    this.#pending = null;
    while (this.#queue !== null && this.#queue.length > 0) {
      if (!this.send(this.#queue.shift()!)) return;
    }
    this.owner.drained(this);
  }

  /** @param error a negated error number, or an error of TLS */
  fail(error: number | SystemError): void {
    if (this.closing) return;
    this.failedWith = typeof error === 'number' ? { code: getSystemErrorName(error) } : error;
    if (isReset(this.failedWith)) this.connection.peerEnded('reset');
    this.destroy();
  }

  closed(): void {
    const { connection, failedWith, tcp, context: { ledger } } = this;
    if (ledger.onEnd !== null) {
      connection.bytesIn = tcp.bytesRead;
      connection.bytesOut = tcp.bytesWritten;
    }
    enterEnd(ledger, connection, failedWith);
    this.owner.gone(connection, failedWith, this);
  }

  // ---- what is otherwise under TLS

  /** Where requests are written. */
  protected get writer(): TcpHandle | TlsHandle {
    return this.tcp;
  }

  /** Prepares to hear what will come. */
  protected listen(): void {
    this.tcp.onread = onRead;
    this.tcp.useUserBuffer(this.context.buffer);
  }

  /** The descriptor is given back at once. That it is closed is told when the call that we are in is over; to be called by the handle for it would cost a microsecond. */
  protected shut(byReset: boolean): void {
    if (!byReset || this.tcp.reset() !== 0) this.tcp.close();
    if (shut.push(this) === 1 && !inCall) void settled.then(tellClosed);
  }

  /** The TCP connection stands. */
  protected stand(): void {
    if (!this.#reading) this.tcp.readStart(); // where none can be asked for before, as on Windows
    this.owner.ready(this.connection, this);
  }

  /** @param told when it is out, `drained` is to be called. Over TLS no write is over at once, and to do without the word of a request's saves a twentieth of an exchange. */
  private put(bytes: Uint8Array, told: boolean): boolean {
    if (this.closing) return false;
    const before = this.#pending;
    if (before !== null && before.getAsyncId() !== OVER) {
      before.oncomplete = onWritten;
      (this.#queue ??= []).push(bytes);
      return false;
    }
    if (++this.#writes === 2) this.tcp.setNoDelay(true); // there was nothing before that the first could have had to wait for
    const request: OwnedWrite = before ?? spare ?? new this.context.bindings.WriteRequest();
    const error = this.writer.writeBuffer(request, bytes);
    if (error === 0 && !this.context.bindings.writeIsPending()) {
      if (before === null) spare = request; // the kernel took all of it, and nobody has looked at the request
      return true;
    }
    if (before === null) spare = null;
    if (error !== 0) this.failLater(error);
    else {
      this.#pending = request;
      request.socket = this;
      request.bytes = bytes;
      if (told || this.writer === this.tcp) request.oncomplete = onWritten; // a request without one is not even looked at
    }
    return false;
  }

  /** What fails at once is told a little later, as all other failures are. */
  private failLater(error: number): void {
    queueMicrotask(() => this.fail(error));
  }

  private noteAddresses(): void {
    const local: { address?: string; port?: number } = {};
    this.tcp.getsockname(local);
    this.connection.localPort = local.port ?? 0;
    this.connection.localAddress = local.address ?? '';
  }
}

/** libuv's number for the end of a stream. */
const EOF = -4095;

/** The number of a request that the system has finished with. */
const OVER = -1;

/** Most writes are taken whole at once: one request object serves them all. */
let spare: WriteRequest | null = null;

export type OwnedTcp = TcpHandle & { socket: HandleSocket };
/** Keeps the bytes alive until they are out. */
type OwnedWrite = WriteRequest & { socket?: HandleSocket; bytes?: Uint8Array };

/** Those that are over: each serves one connection after the other. */
const spareConnects: ConnectRequest[] = [];
/** Node lets go of it only behind the call that it is over. */
let lastConnect: ConnectRequest | null = null;

function newConnectRequest(bindings: Bindings): ConnectRequest {
  const request = new bindings.ConnectRequest();
  request.oncomplete = onConnect;
  return request;
}

// ---- the calls of the handles: when one is over, those are told whose sockets were shut in it

function onConnect(status: number, tcp: TcpHandle, request: ConnectRequest): void {
  inCall = true;
  if (lastConnect !== null) spareConnects.push(lastConnect);
  lastConnect = request;
  (tcp as OwnedTcp).socket.connected(status);
  inCall = false;
  if (shut.length > 0) tellClosed();
}

function onRead(this: OwnedTcp): void {
  inCall = true;
  this.socket.read();
  inCall = false;
  if (shut.length > 0) tellClosed();
}

function onWritten(this: OwnedWrite, status: number): void {
  inCall = true;
  this.socket!.written(status);
  inCall = false;
  if (shut.length > 0) tellClosed();
}

let inCall = false;
/** Shut, and nobody knows. */
let shut: HandleSocket[] = [];
const settled = Promise.resolve();

function tellClosed(): void {
  const all = shut;
  shut = [];
  for (const socket of all) socket.closed();
}
