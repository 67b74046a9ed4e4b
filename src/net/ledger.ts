import type { Ns } from '../define.js';
import type { Clock } from '../measure/clock.js';
import { Histogram } from '../measure/histogram.js';
import type { Series } from '../measure/series.js';
import type { Strip, Stripped } from '../measure/strip.js';
import type { ConnectionCounts, RoundConnections } from '../result/schema.js';
import { reasonOf, type Reason } from './reasons.js';

/** Where a connection stood when something happened to it. */
export type Phase = 'connecting' | 'unused' | 'idle' | 'awaiting' | 'receiving' | 'done';

/** Why a connection cannot be used again after a response: the server said so, or it follows from the framing. '' when it can. */
export type Announcement = '' | 'close-token' | 'http10' | 'eof-delimited';

/** Ends that are our own doing. */
export type LocalEnd = '' | 'policy' | 'local-timeout' | 'protocol-error' | 'early-response' | 'upgrade' | 'body-lost' | 'round-end' | 'stopped';

/** What the first TLS handshake agreed on. */
export interface TlsFacts {
  /** `TLSv1.3` */
  readonly protocol: string;
  readonly cipher: string;
}

/** The facts of one connection; labels are derived from them when it ends. */
export class Connection implements Stripped {
  openedNs: Ns = -1;
  connectedNs: Ns = -1;
  securedNs: Ns = -1;
  endedNs: Ns = -1;
  resumed = false;
  /** 0 and '' unless the ledger has an `onEnd`. */
  localPort = 0;
  localAddress = '';
  /** Requests whose head was written. */
  carried = 0;
  /** Whole responses. */
  completed = 0;
  /** Over the TCP connection, TLS records included, once ended; 0 unless the ledger has an `onEnd`. */
  bytesIn = 0;
  bytesOut = 0;
  phase: Phase = 'connecting';
  /** When the last exchange ended, or −1. */
  idleSinceNs: Ns = -1;
  longestIdleNs: Ns = 0;
  announced: Announcement = '';
  /** Announced, and still open when our patience (timeouts.close) ended. */
  neverClosed = false;
  /** Our own reason to end it; '' while we have none. The first one stays. */
  localEnd: LocalEnd = '';
  /** What the peer did first: a FIN (or an RST that arrived together with data, which Node cannot tell apart) or an RST. */
  signal: '' | 'eof' | 'reset' = '';
  /** The phase in which the signal came. */
  signalPhase: Phase = 'connecting';
  /** The signal arrived although we had not yet ended it ourselves. */
  peerFirst = false;
  failure = '';
  ended = false;
  /** The derived label of its end, once ended. */
  end = '';
  /** Its row, and the request under way, where a strip follows it; else −1. */
  row = -1;
  request = -1;

  constructor(
    readonly id: number,
    /** Opened for an exchange of the measured window; false: for one of the warm-up. */
    readonly measured: boolean,
    readonly reason: string,
    readonly predecessor: number,
    readonly attemptNs: Ns,
  ) {}

  /** The peer was seen to end the connection. Only the first sign counts. */
  peerEnded(signal: 'eof' | 'reset'): void {
    if (this.signal !== '') return;
    this.signal = signal;
    this.signalPhase = this.phase;
    this.peerFirst = this.localEnd === '' || this.localEnd === 'policy';
  }

  /** Its end has begun: it must not carry another request. */
  get ending(): boolean {
    return this.signal !== '' || this.localEnd !== '';
  }

  /** The label of its end; while it is still on its way out, the label that it is going to have. */
  endSoFar(): string {
    return this.ended ? this.end : endLabel(this);
  }

  /** We end it, for this reason; an earlier reason stays. */
  endLocally(cause: LocalEnd): void {
    if (this.localEnd === '') this.localEnd = cause;
  }
}

/** The book of every connection of one worker and one round: each is entered when it is begun, once more when it ends, and counted for warm-up or window by the exchange that caused it. */
export class Ledger {
  readonly #measured = new Counts();
  readonly #warmup = new Counts();
  readonly #requestsPerConnection = new CountBy<number>();
  readonly #idleBeforeReuse = Histogram.empty();
  readonly #idleBeforeServerClose = Histogram.empty();
  #ids = 0;
  #open = 0;
  #peakOpen = 0;
  /** Most connections in use at one instant; the pool keeps it. */
  peakNeeded = 0;
  tlsFacts: TlsFacts | null = null;
  /** Told of every connection as it ends (sampled logs, tests). */
  onEnd: ((connection: Connection) => void) | null = null;
  /** Where openings and handshakes are counted by time as well. */
  series: Series | null = null;
  /** Follows the first connections of the window. */
  strip: Strip | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly secure: boolean,
  ) {}

  get open(): number {
    return this.#open;
  }
  /** Connections begun and not yet ended. */
  get underWay(): number {
    return this.#measured.underWay() + this.#warmup.underWay();
  }
  get opened(): number {
    return this.#measured.opened + this.#warmup.opened;
  }
  get tlsFull(): number {
    return this.#measured.tlsFull + this.#warmup.tlsFull;
  }
  get tlsResumed(): number {
    return this.#measured.tlsResumed + this.#warmup.tlsResumed;
  }

  /** A connection is begun. @param predecessor the last connection of the same slot, or null */
  begin(measured: boolean, predecessor: Connection | null): Connection {
    const reason = predecessor !== null ? predecessor.endSoFar() : ((this.#ids === 0 ? 'initial' : 'pool-grow') satisfies Reason);
    const connection = new Connection(this.#ids++, measured, reason, predecessor === null ? -1 : predecessor.id, this.clock.nowNs());
    const counts = this.#of(connection);
    counts.attempts++;
    counts.openedBecause.add(reason);
    this.strip?.begun(connection);
    return connection;
  }

  /** The TCP connection stands. */
  connected(connection: Connection): void {
    connection.connectedNs = this.clock.nowNs();
    this.#of(connection).opened++;
    this.series?.opened(connection.connectedNs);
    if (++this.#open > this.#peakOpen) this.#peakOpen = this.#open;
    if (!this.secure) this.#ready(connection, connection.connectedNs);
  }

  /** The TLS handshake is done. */
  secured(connection: Connection, resumed: boolean): void {
    connection.securedNs = this.clock.nowNs();
    connection.resumed = resumed;
    if (resumed) this.#of(connection).tlsResumed++;
    else this.#of(connection).tlsFull++;
    this.series?.secured(connection.securedNs, resumed);
    this.#ready(connection, connection.securedNs);
  }

  /** The connection, idle until now, is used again. */
  reused(connection: Connection, nowNs: Ns): void {
    const idleNs = nowNs - connection.idleSinceNs;
    if (idleNs > connection.longestIdleNs) connection.longestIdleNs = idleNs;
    this.#idleBeforeReuse.record(idleNs);
  }

  /** The connection is gone. Called once; later calls do nothing. */
  ended(connection: Connection): void {
    if (connection.ended) return;
    connection.ended = true;
    connection.endedNs = this.clock.nowNs();
    connection.end = endLabel(connection);
    const counts = this.#of(connection);
    if (connection.connectedNs < 0) counts.connectFailed++;
    else {
      this.#open--;
      counts.closed++;
      if (this.secure && connection.securedNs < 0) counts.tlsFailed++;
      counts.closedBy.add(closingLabel(connection));
      this.#requestsPerConnection.add(connection.carried);
      if (connection.signalPhase === 'idle' && (connection.end === 'server-idle-close' || connection.end === 'idle-reset')) this.#idleBeforeServerClose.record(this.clock.nowNs() - connection.idleSinceNs);
    }
    this.onEnd?.(connection);
  }

  /** The counts of this round, as plain data. */
  tally(): RoundConnections {
    return {
      ...this.#measured.plain(),
      warmup: this.#warmup.plain(),
      peakOpen: this.#peakOpen,
      peakNeeded: this.peakNeeded,
      requestsPerConnection: Object.fromEntries(this.#requestsPerConnection.entries().sort(([a], [b]) => a - b)),
      idle: { beforeReuse: this.#idleBeforeReuse.encode(), beforeServerClose: this.#idleBeforeServerClose.encode() },
    };
  }

  #ready(connection: Connection, nowNs: Ns): void {
    connection.openedNs = nowNs;
    connection.phase = 'unused';
  }

  #of(connection: Connection): Counts {
    return connection.measured ? this.#measured : this.#warmup;
  }
}

/** The label of an end, from the facts alone: the family of `reasons`, with `round-end` and `stopped` besides. */
function endLabel(connection: Connection): string {
  const { localEnd, announced, signal, signalPhase, carried } = connection;
  if (connection.openedNs < 0 && localEnd !== 'round-end' && localEnd !== 'stopped') return `connect-failed/${connection.failure || localEnd || 'closed'}`;
  if (localEnd === 'policy') return 'policy';
  if (announced !== '' && localEnd !== 'local-timeout' && localEnd !== 'protocol-error') return `server-announced-close/${announced === 'close-token' && connection.completed === 1 ? 'always' : announced}`;
  if (localEnd !== '') return localEnd;
  if (signal === '') return 'peer-abort';
  if (signalPhase === 'idle' || signalPhase === 'unused') return signal === 'eof' ? 'server-idle-close' : 'idle-reset';
  return signalPhase === 'awaiting' && carried > 1 ? 'stale-reuse' : 'peer-abort';
}

/** For the count of closings: planned and announced ends also say how they came about. */
function closingLabel(connection: Connection): string {
  const { end } = connection;
  if (end === 'policy') return connection.peerFirst ? 'policy/server' : 'policy/client';
  if (reasonOf(end) !== 'server-announced-close' || connection.peerFirst) return end;
  return connection.neverClosed ? 'server-announced-close/never-closed' : `${end}/client-first`;
}

class Counts {
  attempts = 0;
  opened = 0;
  tlsFull = 0;
  tlsResumed = 0;
  tlsFailed = 0;
  connectFailed = 0;
  closed = 0;
  readonly closedBy = new CountBy<string>();
  readonly openedBecause = new CountBy<string>();

  underWay(): number {
    return this.attempts - this.connectFailed - this.closed;
  }

  plain(): ConnectionCounts {
    const { attempts, opened, tlsFull, tlsResumed, tlsFailed, connectFailed, closed } = this;
    return { attempts, connectFailed, opened, tlsFull, tlsResumed, tlsFailed, closed, closedBy: Object.fromEntries(this.closedBy.entries()), openedBecause: Object.fromEntries(this.openedBecause.entries()) };
  }
}

/** How often each key came. The same one mostly comes again: it is not looked up. */
class CountBy<Key> {
  readonly #counts = new Map<Key, { count: number }>();
  #key: Key | undefined;
  #last = { count: 0 };

  add(key: Key): void {
    if (key !== this.#key) {
      const known = this.#counts.get(key);
      this.#last = known ?? { count: 0 };
      this.#key = key;
      if (known === undefined) this.#counts.set(key, this.#last);
    }
    this.#last.count++;
  }

  entries(): [Key, number][] {
    return [...this.#counts].map(([key, { count }]) => [key, count]);
  }
}
