/** The watcher: a server that answers, and sees what its clients do with their connections. */
import { hrtime } from 'node:process';
import { monotonicClock } from '../measure/clock.js';
import { NS_PER_S } from '../units.js';
import type { Cause } from './cause.js';
import type { WatchedConnection } from './connection.js';
import { Conversation, type AnswerTo } from './conversation.js';
import type { Exam } from './exam.js';
import type { RequestHead } from './head.js';
import { Observer } from './observer.js';
import { reportOf, type WatchReport } from './report.js';
import { Relay } from './relay.js';
import { openSink } from './sink.js';
import { targetOf, type Target, type TargetTrust } from './target.js';

export interface WatchOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Who answers: we ourselves, a target behind us, or whoever the client names. */
  readonly answer: Answering;
  readonly mostConnections?: number;
  /** How long a request or a handshake may stand still, ns. */
  readonly patienceNs?: number;
  /** The kernel's table of TCP sockets: see `unread.ts`. */
  readonly readSocketTable?: () => string;
  readonly onOpening?: (connection: WatchedConnection, cause: Cause) => void;
}

export interface Watch {
  readonly url: string;
  readonly observer: Observer;
  /** What was seen so far. @param over nothing more will come: the last openings are judged as well */
  report(over?: boolean): WatchReport;
  /** To be told when the client's process has exited. Resolves when no connection is open, or after a moment: what it did last is still on its way. */
  exited(): Promise<void>;
  close(): Promise<void>;
}

/** @throws RequestError when the port is taken or not ours to take */
export async function startWatch({ host, port, tls, answer, mostConnections = MOST_CONNECTIONS, patienceNs = PATIENCE_NS, readSocketTable = () => '', onOpening }: WatchOptions): Promise<Watch> {
  const clock = monotonicClock(hrtime.bigint());
  const observer = new Observer(clock, onOpening);
  const refused: Record<string, number> = {};
  const refuse = (fault: string): void => void (refused[fault] = (refused[fault] ?? 0) + 1);
  const sink = await openSink({ host, port, tls, mostConnections, patienceNs, readSocketTable }, observer, clock, (socket, connection) => {
    switch (answer.by) {
      case 'sink':
        return new Conversation(socket, connection, observer, answer.with, refuse);
      case 'exam':
        return new Conversation(socket, connection, observer, answer.exam.answerTo, refuse);
      case 'target':
        return new Relay(socket, connection, observer, { targetOf: () => answer.target, trust: answer.trust, onFault: refuse });
      case 'proxy':
        return new Relay(socket, connection, observer, { targetOf: targetNamed, trust: answer.trust, onFault: refuse });
    }
  });
  return {
    url: `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${sink.port}`,
    observer,
    report: (over = false) => {
      observer.review(over);
      const turnedAway = sink.turnedAway();
      const half = observer.halfRequests;
      return reportOf(observer, { ...refused, ...(half > 0 && { 'half a request': half }), ...(turnedAway > 0 && { 'too many connections': turnedAway }) }, answer.by === 'exam' ? answer.exam : null);
    },
    exited: async () => {
      observer.exitedNs = clock.nowNs();
      const untilNs = observer.exitedNs + LAST_WORDS_NS;
      while (observer.open > 0 && clock.nowNs() < untilNs) await new Promise((turn) => setTimeout(turn, 5));
    },
    close: () => sink.close(),
  };
}

/** Who answers the requests. */
export type Answering =
  | { readonly by: 'sink'; readonly with: AnswerTo }
  /** The sink, in a scripted series. */
  | { readonly by: 'exam'; readonly exam: Exam }
  | { readonly by: 'target'; readonly target: Target; readonly trust: TargetTrust }
  /** A forward proxy: the request says where to. */
  | { readonly by: 'proxy'; readonly trust: TargetTrust };

/** Where a forward proxy's client wants to go. */
function targetNamed({ method, target }: RequestHead): Target | null {
  if (method === 'CONNECT') return URL.canParse(`http://${target}`) ? { ...targetOf(new URL(`http://${target}`)), port: Number(/:(\d+)$/.exec(target)?.[1] ?? 443) } : null;
  return /^http:\/\//i.test(target) && URL.canParse(target) ? targetOf(new URL(target)) : null;
}

/** More than that are reset at once: each costs some KiB and a file descriptor. */
export const MOST_CONNECTIONS = 20_000;
const PATIENCE_NS = 30 * NS_PER_S;
const LAST_WORDS_NS = NS_PER_S / 4;
