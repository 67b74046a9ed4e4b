/** A bare connection under full control: half-close, pipelining, HTTP/1.0, one TLS version, one session. It reads with the wire client's parser and never closes by itself. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Ns } from '../define.js';
import { COMPLETE, NEED_MORE, ResponseParser, type CloseReason } from '../clients/wire/parser.js';
import type { Clock } from '../measure/clock.js';
import type { Endpoint } from '../net/endpoint.js';
import type { ProbedEnd } from '../result/probe.js';
import { NS_PER_MS } from '../units.js';
import type { Limiter } from './limiter.js';
import { beginSocket, ready, type SocketOptions } from './socket.js';

export interface RawOptions extends SocketOptions {
  /** Keep our side open after the peer's FIN, to see what becomes of what is sent then. */
  readonly lingers?: boolean;
}

export interface RawResponse {
  readonly status: number;
  readonly announced: CloseReason;
  /** `Keep-Alive: timeout` and `max`, or −1. */
  readonly hintTimeoutSeconds: number;
  readonly hintMax: number;
  /** The value of a field of its head, by its name in lower case; undefined when there is none. */
  field(name: string): string | undefined;
  /** When it began to be waited for: just before its request was written. */
  readonly askedNs: Ns;
  readonly firstByteNs: Ns;
  readonly doneNs: Ns;
}

/** The peer ended the connection. */
export interface RawEnd {
  readonly how: ProbedEnd;
  readonly atNs: Ns;
}

export class RawConnection {
  /** Fulfilled when the peer ends the connection; never when we do. */
  readonly ended: Promise<RawEnd>;
  /** Fulfilled when a connection that lingers is reset, after the peer had ended it. */
  readonly refused: Promise<'refused'>;
  /** TLS sessions that the server gave, in their order. */
  readonly sessions: Buffer[] = [];
  /** How long the TCP handshake took: about one round trip. */
  connectNs: Ns = 0;
  /** The TLS session that was offered was accepted. */
  resumed = false;
  end: RawEnd | null = null;
  /** No packet of it left before this instant. */
  readonly begunNs: Ns;
  readonly #parser = new ResponseParser();
  readonly #expected: Expected[] = [];
  #unasked = '';
  #tellEnd!: (end: RawEnd) => void;
  #tellRefused!: (how: 'refused') => void;

  /** Opens a connection when the limiter lets it. @throws OpenFailure */
  static async open(endpoint: Endpoint, limiter: Limiter, clock: Clock, connectTimeoutNs: Ns, options: RawOptions = {}): Promise<RawConnection> {
    const release = await limiter.connection();
    const socket = beginSocket(endpoint, options);
    const raw = new RawConnection(socket, clock, release, options.lingers ?? false);
    Object.assign(raw, await ready(socket, clock, connectTimeoutNs));
    return raw;
  }

  private constructor(
    private readonly socket: Socket,
    private readonly clock: Clock,
    release: () => void,
    private readonly lingers: boolean,
  ) {
    this.begunNs = clock.nowNs();
    this.ended = new Promise((tell) => (this.#tellEnd = tell));
    this.refused = new Promise((tell) => (this.#tellRefused = tell));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#over(/^HTTP\/1\.[01] 408/.test(this.#unasked) ? '408' : 'fin'));
    socket.on('error', () => this.#over('reset'));
    socket.on('close', release);
    socket.on('session', (session: Buffer) => this.sessions.push(session));
  }

  /** What was chosen by ALPN, or ''. */
  get alpn(): string {
    return this.socket instanceof TLSSocket ? this.socket.alpnProtocol || '' : '';
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Sends a FIN behind what was written, and goes on reading. */
  halfClose(): void {
    this.socket.end();
  }

  /** The next response, whole; null when the connection ended first, or `patienceNs` was over. @param onContinue told of a 100 before it */
  response(patienceNs: Ns, isHead = false, onContinue?: () => void): Promise<RawResponse | null> {
    if (this.end !== null) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => expected.done(null), patienceNs / NS_PER_MS);
      const expected: Expected = {
        isHead,
        head: '',
        askedNs: this.clock.nowNs(),
        firstByteNs: -1,
        onContinue,
        done: (response) => {
          clearTimeout(timer);
          resolve(response);
        },
      };
      if (this.#expected.push(expected) === 1) this.#parser.expect(isHead);
    });
  }

  /** The peer's end, or null when it does not come in time. */
  async endWithin(patienceNs: Ns): Promise<RawEnd | null> {
    if (this.end !== null) return this.end;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, patienceNs / NS_PER_MS, null)));
    const end = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return end;
  }

  /** Ends the connection once what was written is out, and gives its place back when it is gone. */
  close(): void {
    if (this.socket.connecting || this.socket.writableLength > SOON_BYTES) this.socket.destroy();
    else this.socket.destroySoon();
  }

  #read(chunk: Buffer): void {
    const nowNs = this.clock.nowNs();
    for (let at = 0; at < chunk.length; ) {
      const expected = this.#expected[0];
      if (expected === undefined) {
        this.#unasked = (this.#unasked + chunk.toString('latin1', at)).slice(0, 1024);
        return;
      }
      if (expected.firstByteNs < 0) expected.firstByteNs = nowNs;
      const parser = this.#parser;
      const headKnown = parser.headersDone;
      const code = parser.push(chunk, at, chunk.length);
      if (!headKnown) expected.head = (expected.head + chunk.toString('latin1', at, parser.consumed)).slice(0, HEAD_BYTES);
      at = parser.consumed;
      if (parser.interim > 0 && expected.onContinue !== undefined) {
        expected.onContinue();
        expected.onContinue = undefined;
      }
      if (code === NEED_MORE) return;
      this.#finish(expected, code === COMPLETE ? this.#made(expected, nowNs) : null);
      if (code === COMPLETE) continue;
      this.socket.destroy(); // not HTTP/1.1, or no longer
      return;
    }
  }

  #made({ head, askedNs, firstByteNs }: Expected, doneNs: Ns): RawResponse {
    const { status, closeReason, hintTimeoutSeconds, hintMax } = this.#parser;
    return {
      status,
      announced: closeReason,
      hintTimeoutSeconds,
      hintMax,
      field: (name) => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(head)?.[1],
      askedNs,
      firstByteNs,
      doneNs,
    };
  }

  #finish(expected: Expected, response: RawResponse | null): void {
    this.#expected.shift();
    if (this.#expected[0] !== undefined) this.#parser.expect(this.#expected[0].isHead);
    expected.done(response);
  }

  #over(how: ProbedEnd): void {
    if (this.end !== null) {
      if (how === 'reset') this.#tellRefused('refused');
      return;
    }
    this.end = { how, atNs: this.clock.nowNs() };
    const first = this.#expected[0];
    if (first !== undefined) this.#finish(first, this.#parser.eof() === COMPLETE && how !== 'reset' ? this.#made(first, this.end.atNs) : null);
    for (const expected of this.#expected.splice(0)) expected.done(null);
    this.#tellEnd(this.end);
    if (!this.lingers || how === 'reset') this.socket.destroy();
  }
}

interface Expected {
  readonly isHead: boolean;
  head: string;
  readonly askedNs: Ns;
  firstByteNs: Ns;
  onContinue: (() => void) | undefined;
  done(response: RawResponse | null): void;
}

/** More than this may never get out. */
const SOON_BYTES = 16 * 1024;

const HEAD_BYTES = 16 * 1024;
