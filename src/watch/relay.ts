/** One connection of the proxy: every client connection has one of its own to the target, so that what the target does to its connections reaches the client as it is. */
import type { Socket } from 'node:net';
import { COMPLETE, ERROR, ResponseParser, UPGRADED } from '../clients/wire/parser.js';
import { readAcceptance, readClientHello, type ClientHello } from './hello.js';
import type { WatchedConnection } from './connection.js';
import type { RequestHead } from './head.js';
import type { Observer } from './observer.js';
import { RequestReader, type RequestFault, type RequestListener } from './request-reader.js';
import { connectTo, type Target, type TargetTrust } from './target.js';

/** Where requests go: always to one target, or, for a forward proxy, where each says. */
export interface Route {
  /** @returns null when the request does not say where to, as a forward proxy must be told */
  targetOf(head: RequestHead): Target | null;
  readonly trust: TargetTrust;
  /** Called with what the client's request became of: for the counts. */
  onFault(fault: RelayFault): void;
}

export type RelayFault = RequestFault | 'too many requests at once' | 'too slow' | 'target unreachable' | 'no target named' | 'target sent no HTTP';

export class Relay implements RequestListener {
  readonly #reader = new RequestReader(this);
  readonly #parser = new ResponseParser();
  /** Requests on their way, the first one being answered. */
  readonly #turns: { readonly head: RequestHead; whole: boolean }[] = [];
  #target: Target | null = null;
  #far: Socket | null = null;
  #ready = false;
  #began = false;
  #tunnel: Tunnel | null = null;

  constructor(
    private readonly near: Socket,
    private readonly connection: WatchedConnection,
    private readonly observer: Observer,
    private readonly route: Route,
  ) {
    near.on('data', (bytes: Buffer) => this.#fromClient(bytes));
    near.on('end', () => {
      // With an answer under way it may have ended only its own side: what becomes of the answer will tell.
      if (this.#turns.length === 0 || this.#passing) this.observer.ended(this.connection, 'client', 'fin');
      if (this.#far === null) near.end();
      else this.#far.end();
    });
    near.on('drain', () => {
      this.observer.progress(this.connection);
      this.#far?.resume();
    });
    near.on('close', () => this.#far?.destroy());
  }

  get inRequest(): boolean {
    return !this.#passing && this.#reader.inRequest && !this.near.isPaused(); // a client that is not read cannot send
  }

  expire(): void {
    this.route.onFault('too slow');
    this.#fail('408 Request Timeout');
  }

  requestBegan(): void {
    if (this.#turns.length === 0) this.observer.requestBegan(this.connection);
  }

  requestHead(head: RequestHead, bytes: Buffer): void {
    if (this.#turns.length === MOST_TURNS) return this.requestRefused('too many requests at once');
    const target = this.route.targetOf(head);
    this.#turns.push({ head, whole: false });
    if (this.#turns.length === 1) this.observer.requestHead(this.connection, head);
    if (target === null) {
      this.route.onFault('no target named');
      return this.#fail('400 Bad Request');
    }
    this.#reach(target);
    if (head.method === 'CONNECT') this.#tunnel = new Tunnel(this.connection, this.observer);
    else this.#far!.write(rewritten(bytes, target));
    if (this.#turns.length === 1) this.#expect(head);
  }

  requestBody(bytes: Buffer): void {
    this.observer.sent(this.connection, bytes.length);
    this.#far?.write(bytes);
  }

  requestEnded(): void {
    const turn = this.#turns.at(-1);
    if (turn === undefined) this.observer.requestEndedLate(this.connection);
    else turn.whole = true;
  }

  requestRefused(fault: RelayFault): void {
    if (this.connection.end !== null) return;
    this.route.onFault(fault);
    this.#fail('400 Bad Request');
  }

  #fromClient(bytes: Buffer): void {
    if (this.connection.end?.by === 'server') return;
    if (this.#passing) {
      this.#tunnel?.fromClient(bytes);
      this.#far?.write(bytes);
    } else this.#reader.push(bytes);
    this.#flow();
  }

  /** What passes is no longer ours to read. */
  get #passing(): boolean {
    return this.#tunnel !== null || this.connection.phase === 'upgraded';
  }

  /** The client is read as fast as the target takes it, and not far ahead of its answers. */
  #flow(): void {
    if (this.#far?.writableNeedDrain || (!this.#passing && this.#turns.length >= TURNS_PAUSED)) this.near.pause();
    else this.near.resume();
  }

  /** Opens the connection to the target, or another one when a forward proxy's client names another target. */
  #reach(target: Target): void {
    if (this.#far !== null && this.#target?.authority === target.authority && !this.#far.destroyed) return;
    this.#far?.destroy();
    this.#ready = false;
    this.#target = target;
    const far = connectTo(target, this.route.trust, () => {
      this.#ready = true;
      if (this.#tunnel !== null) this.#openTunnel();
    });
    this.#far = far;
    far.on('data', (bytes: Buffer) => this.#fromTarget(far, bytes));
    far.on('drain', () => this.#flow());
    far.on('error', () => {
      if (far !== this.#far || this.#ready) return;
      this.route.onFault('target unreachable');
      this.#fail('502 Bad Gateway');
    });
    far.on('end', () => {
      if (far === this.#far) this.#targetEnded();
    });
    far.on('close', () => {
      if (far !== this.#far) return;
      this.#targetEnded();
      this.near.destroySoon();
    });
  }

  #openTunnel(): void {
    this.observer.tunnelled(this.connection);
    this.near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  }

  #expect(head: RequestHead): void {
    this.#began = false;
    this.#parser.expect(head.method === 'HEAD');
  }

  #fromTarget(far: Socket, bytes: Buffer): void {
    if (far !== this.#far) return;
    this.observer.answerBytes(this.connection, bytes.length);
    this.#tunnel?.fromTarget(bytes);
    if (!this.near.write(bytes)) far.pause(); // before the books: the client has it when we say so
    if (this.#tunnel === null && this.connection.phase !== 'upgraded') this.#read(bytes);
  }

  #read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      const turn = this.#turns[0];
      if (turn === undefined) return; // bytes that nobody asked for: the client's to judge
      const code = this.#parser.push(bytes, at, bytes.length);
      at = this.#parser.consumed;
      this.#tellHead();
      if (code === ERROR) {
        this.route.onFault('target sent no HTTP');
        return this.near.destroySoon();
      }
      if (code === UPGRADED) return this.observer.upgraded(this.connection);
      if (code !== COMPLETE) return;
      this.#answered();
    }
  }

  #tellHead(): void {
    if (this.#began || !this.#parser.headersDone) return;
    this.#began = true;
    const { status, closeReason, hintTimeoutSeconds } = this.#parser;
    this.observer.answerBegan(this.connection, { status, announced: closeReason, hintSeconds: hintTimeoutSeconds });
  }

  #answered(): void {
    const { whole } = this.#turns.shift()!;
    this.#flow();
    this.observer.answerEnded(this.connection, !whole);
    const next = this.#turns[0];
    if (next === undefined) return;
    this.observer.requestHead(this.connection, next.head);
    this.#expect(next.head);
  }

  #targetEnded(): void {
    if (this.#tunnel === null && this.#turns.length > 0 && this.#parser.eof() === COMPLETE) this.#answered();
    this.observer.ended(this.connection, 'server', 'fin');
    this.near.end();
  }

  #fail(status: string): void {
    this.observer.answerBegan(this.connection, { status: Number(status.slice(0, 3)), announced: 'close-token' });
    this.observer.ended(this.connection, 'server', 'fin');
    this.near.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    this.#far?.destroy();
  }
}

/** As with the sink: see there. */
const MOST_TURNS = 2000;
const TURNS_PAUSED = 16;

/** What passes through a CONNECT tunnel is the client's and the target's own business; only the hellos at its start are read. */
class Tunnel {
  #client: Buffer | null = Buffer.alloc(0);
  #server: Buffer | null = Buffer.alloc(0);
  #hello: ClientHello | null = null;

  constructor(
    private readonly connection: WatchedConnection,
    private readonly observer: Observer,
  ) {}

  fromClient(bytes: Buffer): void {
    if (this.#client === null) return;
    this.#client = Buffer.concat([this.#client, bytes]);
    const hello = readClientHello(this.#client);
    if (hello === null) return;
    this.#client = null;
    if (hello === 'none') this.#server = null;
    else this.observer.tunnelHello(this.connection, (this.#hello = hello));
  }

  fromTarget(bytes: Buffer): void {
    if (this.#server === null || this.#hello === null) return;
    this.#server = Buffer.concat([this.#server, bytes]);
    const accepted = readAcceptance(this.#server, this.#hello);
    if (accepted === null) return;
    this.#server = null;
    if (accepted !== 'none') this.observer.tunnelAnswer(this.connection, accepted);
  }
}

/** The head as the target is to see it: its own name in `Host`, a path instead of a URL, and no `Proxy-Connection`. */
function rewritten(bytes: Buffer, { authority }: Target): Buffer {
  const [first = '', ...fields] = bytes.toString('latin1').trimStart().split(/\r?\n/);
  const start = first.replace(/^(\S+) https?:\/\/[^/\s]*(\S*)/i, (_, method: string, path: string) => `${method} ${path === '' || path[0] !== '/' ? `/${path}` : path}`);
  const kept = fields.filter((field) => !/^(host|proxy-connection):/i.test(field));
  return Buffer.from([start, `Host: ${authority}`, ...kept].join('\r\n'), 'latin1');
}
