/** The watcher: a server that answers, and sees what its clients do with their connections. */
import { monotonicClock } from '../measure/clock.js';
import { answerTo, USUAL, type Answer } from './answers.js';
import type { Cause } from './cause.js';
import type { WatchedConnection } from './connection.js';
import { Conversation } from './conversation.js';
import { Observer } from './observer.js';
import { reportOf, type WatchReport } from './report.js';
import { openSink } from './sink.js';

export interface WatchOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** What is answered where the path asks for nothing else. */
  readonly usual?: Answer;
  readonly mostConnections?: number;
  readonly onOpening?: (connection: WatchedConnection, cause: Cause) => void;
}

export interface Watch {
  readonly url: string;
  readonly observer: Observer;
  /** What was seen so far. @param over nothing more will come: the last openings are judged as well */
  report(over?: boolean): WatchReport;
  close(): Promise<void>;
}

/** @throws RequestError when the port is taken or not ours to take */
export async function startWatch({ host, port, tls, usual = USUAL, mostConnections = MOST_CONNECTIONS, onOpening }: WatchOptions): Promise<Watch> {
  const clock = monotonicClock(process.hrtime.bigint());
  const observer = new Observer(clock, onOpening);
  const refused: Record<string, number> = {};
  const refuse = (fault: string): void => void (refused[fault] = (refused[fault] ?? 0) + 1);
  const sink = await openSink({ host, port, tls, mostConnections }, observer, clock, (socket, connection) => new Conversation(socket, connection, observer, (head) => answerTo(head, usual), refuse));
  return {
    url: `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${sink.port}`,
    observer,
    report: (over = false) => {
      observer.review(over);
      const turnedAway = sink.turnedAway();
      return reportOf(observer, turnedAway > 0 ? { ...refused, 'too many connections': turnedAway } : refused);
    },
    close: () => sink.close(),
  };
}

/** More than that are reset at once: each costs some KiB and a file descriptor. */
export const MOST_CONNECTIONS = 20_000;
