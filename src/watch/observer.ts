/** Keeps the facts of every connection of the watched clients, and asks for the cause of each opening once the moment has passed. */
import type { Ns } from '../define.js';
import type { Clock } from '../measure/clock.js';
import { NS_PER_MS, NS_PER_S } from '../units.js';
import { causeOf, type Cause } from './cause.js';
import { WatchedClient } from './client.js';
import { WatchedConnection, type Announcement, type ConnectionEnd, type Hello, type Phase } from './connection.js';
import type { RequestHead } from './head.js';
import { standing } from './standing.js';

/** What the head of an answer says that matters here. */
export interface AnswerHead {
  readonly status: number;
  readonly announced: Announcement;
  /** Seconds of `Keep-Alive: timeout`. */
  readonly hintSeconds?: number;
  readonly bodyBytes?: number;
}

/** Called once for every connection that carried a request: why it was opened. */
export type OnOpening = (connection: WatchedConnection, cause: Cause) => void;

export class Observer {
  readonly clients: WatchedClient[] = [];
  accepted = 0;
  requests = 0;
  open = 0;
  peakOpen = 0;
  tlsFull = 0;
  tlsResumed = 0;
  tlsFailed = 0;
  /** Connections that ended without a request. */
  neverUsed = 0;
  /** Tunnels through us; those whose client offered to resume a TLS session, and whose server took it. */
  readonly tunnels = { count: 0, offered: 0, accepted: 0 };
  /** Requests that their client broke off before they were whole. */
  halfRequests = 0;
  /** When the client's process had exited; null while it runs, or when it is not ours. */
  exitedNs: Ns | null = null;
  /** The first connections, for a list. */
  readonly listed: WatchedConnection[] = [];
  /** Counts turns of the event loop in which something happened here. What is read in one turn, or in two that follow each other, may have happened in any order. */
  moment = 0;
  readonly #byAddress = new Map<string, WatchedClient[]>();
  /** Open connections that have not carried a request yet, by address. */
  readonly #unnamed = new Map<string, number>();
  readonly #pending: WatchedConnection[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly onOpening: OnOpening = () => {},
  ) {}

  /**
   * @param unsentBytes what the client has not taken from us yet
   * @param unreadBytes what its program has not read of what it took
   */
  accept(address: string, unsentBytes: () => number, unreadBytes?: () => number | null): WatchedConnection {
    const connection = new WatchedConnection(++this.accepted, address, this.clock.nowNs(), this.moment, unsentBytes, unreadBytes);
    connection.amid = (this.#byAddress.get(address) ?? []).filter(({ idle }) => idle.size > 0).slice(0, MOST_STANDING).map(standing);
    if (this.listed.length < MOST_LISTED) this.listed.push(connection);
    this.#unnamed.set(address, (this.#unnamed.get(address) ?? 0) + 1);
    if (++this.open > this.peakOpen) this.peakOpen = this.open;
    return connection;
  }

  secured(connection: WatchedConnection, resumed: boolean): void {
    connection.handshake = resumed ? 'resumed' : 'full';
    if (resumed) this.tlsResumed++;
    else this.tlsFull++;
    this.#turn(connection, 'unused');
  }

  requestBegan(connection: WatchedConnection): void {
    connection.client?.begins();
    this.#began(connection);
  }

  requestHead(connection: WatchedConnection, head: RequestHead): void {
    if (connection.phase === 'idle') this.#began(connection); // it was sent ahead, while another was answered
    this.requests++;
    if (connection.doneMoment >= 0) {
      connection.doneMoment = -1;
      connection.client!.resumed(connection);
    }
    connection.last = head.target.length > MOST_TARGET ? { ...head, target: head.target.slice(0, MOST_TARGET) } : head;
    connection.announced = '';
    connection.early = connection.interim = false;
    connection.answerBytes = 0;
    if (++connection.requests === 1) {
      connection.first = connection.last;
      this.#join(connection, head);
      this.#pending.push(connection);
    } else connection.client!.reuses++;
    const client = connection.client!;
    client.requests++;
    if (connection.requests === 2) client.usedAgain++;
    client.mostCarried = Math.max(client.mostCarried, connection.requests);
  }

  /** The first byte of an answer is about to be sent. */
  answerBegan(connection: WatchedConnection, { status, announced, hintSeconds = -1, bodyBytes = -1 }: AnswerHead): void {
    connection.status = status;
    connection.announced = announced;
    connection.hintSeconds = hintSeconds;
    connection.bodyBytes = bodyBytes;
    connection.answerBeganNs = this.clock.nowNs();
    if (connection.phase !== 'upgraded') this.#turn(connection, 'answering');
  }

  answerBytes(connection: WatchedConnection, bytes: number): void {
    connection.answerBytes += bytes;
  }

  /** The client took bytes from us. */
  progress(connection: WatchedConnection): void {
    connection.progressNs = this.clock.nowNs();
  }

  /** The client sent some of its request's body. Bytes count for no more time than they take at {@link SLOWEST_UPLOAD}: who drips them is no better than who stops. */
  sent(connection: WatchedConnection, bytes: number): void {
    connection.bodySent += bytes;
    connection.progressNs = Math.min(this.clock.nowNs(), connection.beganNs + (connection.bodySent / SLOWEST_UPLOAD) * NS_PER_S);
  }

  /** The last byte of the answer is out. @param early the request's body was not whole yet */
  answerEnded(connection: WatchedConnection, early: boolean): void {
    connection.answered++;
    connection.early = early;
    connection.answeredNs = this.clock.nowNs();
    if (connection.phase === 'upgraded') return;
    this.#turn(connection, early ? 'reading' : 'idle');
    if (early || connection.kept || connection.doneMoment >= 0) return;
    connection.doneMoment = this.moment;
    connection.client!.finished(connection, this.#mostEnded);
  }

  /** The request's body is whole, though its answer was out before. */
  requestEndedLate(connection: WatchedConnection): void {
    if (!connection.early || connection.phase !== 'reading') return;
    connection.early = false;
    this.#turn(connection, 'idle');
  }

  upgraded(connection: WatchedConnection): void {
    this.#turn(connection, 'upgraded');
  }

  /** A tunnel through us was opened. */
  tunnelled(connection: WatchedConnection): void {
    connection.handshake = 'tunnelled';
    this.tunnels.count++;
    this.upgraded(connection);
  }

  /** The hello of a tunnel's client was read. */
  tunnelHello(connection: WatchedConnection, hello: Hello): void {
    connection.hello = hello;
    if (hello.offersResumption) this.tunnels.offered++;
  }

  /** The hello of a tunnel's server was read. @param resumed it takes the session that was offered */
  tunnelAnswer(connection: WatchedConnection, resumed: boolean): void {
    connection.resumed = resumed;
    if (resumed) this.tunnels.accepted++;
  }

  ended(connection: WatchedConnection, by: ConnectionEnd['by'], signal: ConnectionEnd['signal']): void {
    if (connection.end !== null) return;
    const nowNs = this.clock.nowNs();
    const { phase, client } = connection;
    const idleNs = phase === 'idle' || phase === 'unused' ? nowNs - connection.idleSinceNs : 0;
    connection.end = { atNs: nowNs, moment: this.moment, by, signal, phase, idleNs, unsentBytes: connection.unsentBytes(), together: false };
    this.open--;
    if (by === 'client' && phase === 'reading' && !connection.early) this.halfRequests++;
    if (phase === 'handshake') {
      connection.handshake = 'failed';
      this.tlsFailed++;
    }
    if (client === null) {
      if (phase === 'unused') this.neverUsed++;
      connection.amid = [];
      this.#named(connection);
      return;
    }
    client.open.delete(connection);
    client.idle.delete(connection);
    client.remember(connection, this.#mostEnded, !this.#unnamed.has(connection.address));
    if (by === 'client' && phase === 'idle' && connection.kept) client.closed(connection, nowNs, idleNs);
  }

  /** A turn of the event loop in which something happened is over. */
  turned(): void {
    this.moment++;
    this.#settle(this.clock.nowNs() - SETTLED_NS);
  }

  /** Looks at what only time can tell; to be called some times a second. @param over nothing more will come */
  review(over = false): void {
    const nowNs = this.clock.nowNs();
    this.#settle(over ? nowNs : nowNs - SETTLED_NS);
    for (const client of this.clients) {
      client.reconsider(nowNs, over);
      client.survivors = Math.max(client.survivors, idleSince(client, nowNs - SURVIVED_NS));
    }
  }

  /** Explains the openings up to this instant: everything of their moment has been read. */
  #settle(untilNs: Ns): void {
    let settled = 0;
    for (const connection of this.#pending) {
      if (connection.openedNs > untilNs) break;
      settled++;
      this.#explain(connection);
    }
    if (settled > 0) this.#pending.splice(0, settled);
  }

  #explain(connection: WatchedConnection): void {
    const cause = causeOf(connection);
    connection.amid = []; // or every connection would hold those before it
    connection.client!.explained(cause, connection);
    this.onOpening(connection, cause);
  }

  #join(connection: WatchedConnection, { userAgent }: RequestHead): void {
    const here = this.#byAddress.get(connection.address) ?? [];
    let client = here.find((known) => known.userAgent === userAgent);
    if (client === undefined && this.clients.length >= MOST_CLIENTS) client = here[0] ?? this.clients[0]!;
    if (client === undefined) {
      client = new WatchedClient(connection.address, userAgent, connection);
      this.clients.push(client);
      this.#byAddress.set(connection.address, [...here, client]);
    }
    client.begins();
    this.#named(connection);
    connection.client = client;
    client.connections++;
    client.open.add(connection);
    client.peakOpen = Math.max(client.peakOpen, client.open.size);
  }

  #named({ address }: WatchedConnection): void {
    const left = this.#unnamed.get(address)! - 1;
    if (left === 0) this.#unnamed.delete(address);
    else this.#unnamed.set(address, left);
  }

  /** Ends that each client may keep. */
  get #mostEnded(): number {
    return MOST_ENDED / this.clients.length;
  }

  #began(connection: WatchedConnection): void {
    connection.beganNs = this.clock.nowNs();
    connection.answerBeganNs = connection.answeredNs = Infinity;
    connection.bodySent = 0;
    this.#turn(connection, 'reading');
  }

  #turn(connection: WatchedConnection, phase: Phase): void {
    if (connection.phase === phase) return;
    const { client } = connection;
    const nowNs = this.clock.nowNs();
    connection.phase = phase;
    connection.progressNs = nowNs;
    if (phase === 'idle' || phase === 'unused') connection.idleSinceNs = nowNs;
    if (phase === 'idle') client?.idle.add(connection);
    else client?.idle.delete(connection);
  }
}

function idleSince(client: WatchedClient, beforeNs: Ns): number {
  let count = 0;
  for (const { idleSinceNs } of client.idle) {
    if (idleSinceNs > beforeNs) break;
    count++;
  }
  return count;
}

/** Bytes per second below which a request's body stands still. */
const SLOWEST_UPLOAD = 500;
/** An opening is explained this long after it, when everything of its moment has been read. */
const SETTLED_NS = 20 * NS_PER_MS;
/** An idle connection that was kept this long was kept on purpose. */
const SURVIVED_NS = 100 * NS_PER_MS;
/** A flood of names fills no memory: later ones count with an earlier client. */
const MOST_CLIENTS = 1000;
/** Ends that are remembered, of all clients together. */
const MOST_ENDED = 20_000;
/** Clients at one address that are looked at when it opens a connection. */
const MOST_STANDING = 16;
const MOST_LISTED = 1000;
/** Characters of a request's target that are remembered. */
const MOST_TARGET = 256;
