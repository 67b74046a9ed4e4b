import type { Ns } from '../../define.js';
import { BodyFile } from '../../net/body-file.js';
import type { ConnectedSocket, ConnectionOwner, Connector } from '../../net/connector.js';
import { brokenExchange, type FailureKind } from '../../net/failures.js';
import type { Connection } from '../../net/ledger.js';
import type { Link, Pool, Slot } from '../../net/pool.js';
import type { ReadBuffer } from './head.js';
import type { Linger } from './linger.js';
import { COMPLETE, NEED_MORE, ResponseParser, UPGRADED } from './parser.js';
import type { PreparedRequest } from './request.js';

/** One slot's way to the target: at most one socket in use, and one response read at a time. */
export class WireLink implements Link, ConnectionOwner {
  readonly #parser: ResponseParser;
  #socket: ConnectedSocket | null = null;
  /** A large body is still on its way out. */
  #writing = false;
  /** How much of it has been handed to the socket. */
  #bodyAt = 0;
  /** The response is complete, and waits for the word that its request is out. */
  #answered = false;
  /** Waits for word that a part of a body from disk is out, or that it never will be. */
  #partOver: (() => void) | null = null;

  constructor(
    private readonly slot: Slot,
    private readonly pool: Pool,
    private readonly connector: Connector,
    private readonly requests: readonly PreparedRequest[],
    private readonly linger: Linger,
    shared: ReadBuffer,
  ) {
    this.#parser = new ResponseParser(shared);
  }

  carry(): void {
    if (this.slot.connection !== null) return this.#write(this.slot.connection, this.#socket!);
    this.#parser.reset();
    this.#socket = this.connector.open(this.pool.opening(this.slot), this, this.slot.session);
  }

  abandon(): void {
    this.#drop('');
  }

  close(): void {
    this.#drop('round-end');
  }

  // ---- what the connector tells

  ready(connection: Connection, socket: ConnectedSocket): void {
    if (this.slot.connection === connection) this.#write(connection, socket);
  }

  session(session: Buffer): void {
    this.slot.session = session;
  }

  peerEnded(connection: Connection, socket: ConnectedSocket): void {
    if (this.slot.connection === connection && this.slot.sample !== null && connection.openedNs >= 0) {
      this.#socket = null;
      if (this.#parser.eof() === COMPLETE) {
        if (this.#writing) connection.endLocally('early-response');
        this.#finish(connection, socket, false, this.pool.clock.nowNs());
      } else this.pool.failed(this.slot, brokenExchange(connection));
    }
    socket.destroy();
  }

  gone(connection: Connection, _error: NodeJS.ErrnoException | null, socket: ConnectedSocket): void {
    this.linger.delete(socket);
    if (this.#socket === socket) this.#socket = null;
    this.#partOver?.();
    if (this.slot.connection === connection && this.slot.sample !== null) {
      this.pool.failed(this.slot, connection.openedNs < 0 ? (connection.failure as FailureKind) : brokenExchange(connection));
    }
    this.pool.gone(this.slot, connection);
  }

  // ---- the exchange

  #write(connection: Connection, socket: ConnectedSocket): void {
    const request = this.requests[this.slot.sample!.request]!;
    const { rules } = this.pool;
    this.pool.sent(this.slot, connection);
    this.#parser.expect(request.isHead);
    this.#writing = this.#answered = false;
    const head = rules.closeBy === 'server' && connection.carried >= rules.requestsPerConnection ? request.closing : request.keeping;
    socket.write(head);
    if (request.largeBody === null) return;
    this.#writing = true;
    if (request.largeBody instanceof BodyFile) return void this.#sendFile(request.largeBody, connection, socket);
    this.#bodyAt = 0;
    this.drained(socket);
  }

  /** Sends a body from disk: a part is read when the one before is with the kernel. */
  async #sendFile(file: BodyFile, connection: Connection, socket: ConnectedSocket): Promise<void> {
    const wanted = (): boolean => this.#socket === socket && this.slot.connection === connection && this.slot.sample !== null;
    try {
      for await (const part of file.parts()) {
        if (!wanted()) return;
        if (!socket.send(part)) await this.#partIsOut();
      }
      if (wanted()) this.#writing = false;
    } catch {
      if (!wanted()) return; // nobody waits for the rest of it
      this.#drop('body-lost'); // the head has promised more bytes than there are
      this.pool.failed(this.slot, 'request-body');
    }
  }

  #partIsOut(): Promise<void> {
    return new Promise((resolve) => {
      this.#partOver = () => {
        this.#partOver = null;
        resolve();
      };
    });
  }

  /** Hands the socket as much of a large body as it takes without holding it in memory; called again when that is out. */
  drained(socket: ConnectedSocket): void {
    if (!this.#writing || socket !== this.#socket || this.slot.sample === null) return;
    if (this.#partOver !== null) return this.#partOver();
    const body = this.requests[this.slot.sample.request]!.largeBody as Buffer;
    while (this.#bodyAt < body.length) {
      const part = body.subarray(this.#bodyAt, this.#bodyAt + BODY_PART);
      this.#bodyAt += part.length;
      if (!socket.send(part)) return;
    }
    this.#writing = false;
  }

  /** Bytes came on one of this link's sockets. */
  received(socket: ConnectedSocket, buffer: Uint8Array, bytes: number): void {
    if (socket !== this.#socket) return; // lingering: nothing is expected any more
    const { sample, connection } = this.slot;
    if (connection === null || sample === null || sample.sentNs < 0) return this.#unsolicited(socket, buffer, bytes);
    const nowNs = this.pool.clock.nowNs(); // one reading for the first byte and the last: most responses come in one piece
    if (sample.firstByteNs < 0) {
      sample.firstByteNs = nowNs;
      connection.phase = 'receiving';
    }
    const code = this.#parser.push(buffer, 0, bytes);
    if (code === NEED_MORE) return;
    if (code === COMPLETE) {
      const surplus = this.#parser.consumed < bytes;
      if (!this.#writing) return this.#finish(connection, socket, surplus, nowNs);
      if (this.#answered) return; // line ends behind the response
      this.#answered = true;
      setImmediate(() => this.#finishWritten(connection, socket, surplus, nowNs)); // over TLS the word that all is written comes a little after the answer
      return;
    }
    sample.status = code === UPGRADED ? 101 : 0;
    this.#drop(code === UPGRADED ? 'upgrade' : 'protocol-error');
    this.pool.failed(this.slot, code === UPGRADED ? 'upgrade' : 'protocol');
  }

  #finishWritten(connection: Connection, socket: ConnectedSocket, surplus: boolean, nowNs: Ns): void {
    if (this.slot.connection !== connection || this.slot.sample === null) return; // given up meanwhile
    if (this.#writing) connection.endLocally('early-response');
    this.#finish(connection, socket, surplus, nowNs);
  }

  #finish(connection: Connection, socket: ConnectedSocket, surplus: boolean, nowNs: Ns): void {
    const sample = this.slot.sample!;
    const parser = this.#parser;
    sample.status = parser.status;
    sample.bytesIn = parser.bodyBytes;
    connection.announced = parser.closeReason;
    if (surplus) connection.endLocally('protocol-error');
    else if (this.pool.isLast(connection)) connection.endLocally('policy');
    else if (parser.closeReason === '' && connection.localEnd === '') return this.pool.completed(this.slot, connection, true, nowNs);
    this.#socket = null;
    this.#retire(connection, socket, nowNs);
    this.pool.completed(this.slot, connection, false, nowNs);
  }

  /** Ends a connection that has carried its last exchange, in the way that the rules ask for. */
  #retire(connection: Connection, socket: ConnectedSocket, nowNs: Ns): void {
    const { closeBy } = this.pool.rules;
    const planned = connection.localEnd === 'policy';
    if (connection.signal !== '') return; // the peer was first, and peerEnded destroys it
    if (planned ? closeBy === 'server' : connection.localEnd === '') this.linger.add(socket, nowNs);
    else if (planned && closeBy === 'reset') socket.reset();
    else socket.destroy();
  }

  // RFC 9112 §9.2: what comes on an idle connection is no response, line ends are discarded; a 408 is the server's notice that it closes (RFC 9110 §15.5.9).
  #unsolicited(socket: ConnectedSocket, buffer: Uint8Array, bytes: number): void {
    if (this.#parser.push(buffer, 0, bytes) === COMPLETE) return;
    if (isTimeoutNotice(buffer, bytes)) {
      socket.connection.peerEnded('eof');
      this.#drop('');
    } else this.#drop('protocol-error');
  }

  #drop(cause: '' | 'round-end' | 'protocol-error' | 'upgrade' | 'body-lost'): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    if (cause !== '') socket.connection.endLocally(cause);
    socket.destroy();
  }
}

/** A large body leaves in parts of this size, in bytes. */
const BODY_PART = 256 * 1024;

const TIMEOUT_NOTICE = Buffer.from(' 408');

function isTimeoutNotice(buffer: Uint8Array, bytes: number): boolean {
  return bytes >= 12 && TIMEOUT_NOTICE.every((byte, index) => buffer[8 + index] === byte);
}

