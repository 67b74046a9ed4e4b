/** An observer whose clock moves only when a test says so, and the steps of a conversation in one word each. */
import type { WatchedConnection, Announcement } from '../../src/watch/connection.js';
import type { RequestHead } from '../../src/watch/head.js';
import { Observer } from '../../src/watch/observer.js';
import { reportOf, type WatchReport } from '../../src/watch/report.js';
import { ManualClock } from '../fakes/manual-clock.js';

export const MS = 1e6;

export const GET: RequestHead = { method: 'GET', target: '/', minor: 1, host: 'a.test', userAgent: 'client/1', saysClose: false, saysKeepAlive: false, expectsContinue: false, body: 0 };

export class WatchBench {
  readonly clock = new ManualClock();
  readonly observer = new Observer(this.clock);
  #unsent = new Map<WatchedConnection, number>();
  #unread = new Map<WatchedConnection, number>();

  /** Time goes by, and the loop turns. */
  pass(ms: number): this {
    this.clock.stall(ms * MS);
    this.observer.turned();
    this.observer.turned();
    this.observer.review();
    return this;
  }

  open(): WatchedConnection {
    const connection: WatchedConnection = this.observer.accept('10.0.0.1', () => this.#unsent.get(connection) ?? 0, () => this.#unread.get(connection) ?? null);
    return connection;
  }

  ask(connection: WatchedConnection, head: Partial<RequestHead> = {}): void {
    this.observer.requestBegan(connection);
    this.observer.requestHead(connection, { ...GET, ...head });
  }

  begin(connection: WatchedConnection, { announced = '' as Announcement, hintSeconds = -1, bytes = 100, bodyBytes = 100, status = 200 } = {}): void {
    this.observer.answerBegan(connection, { status, announced, hintSeconds, bodyBytes });
    this.observer.answerBytes(connection, bytes);
  }

  answer(connection: WatchedConnection, more: Parameters<WatchBench['begin']>[1] & { early?: boolean } = {}): void {
    this.begin(connection, more);
    this.observer.answerEnded(connection, more.early ?? false);
  }

  /** A request and its answer. */
  exchange(connection: WatchedConnection, head: Partial<RequestHead> = {}, answer: Parameters<WatchBench['answer']>[1] = {}): WatchedConnection {
    this.ask(connection, head);
    this.answer(connection, answer);
    return connection;
  }

  /** The client takes no more: so many bytes stay with us. */
  stuck(connection: WatchedConnection, bytes: number): void {
    this.#unsent.set(connection, bytes);
  }

  /** So many bytes lie in the client's socket. */
  unread(connection: WatchedConnection, bytes: number): void {
    this.#unread.set(connection, bytes);
  }

  report(): WatchReport {
    this.observer.review(true);
    return reportOf(this.observer, {});
  }

  /** Verdicts and counts of the only client, as in `S01 × 1, S03 × 4`. */
  verdicts(): string {
    return this.report()
      .clients.flatMap(({ verdicts }) => verdicts.map(({ code, count }) => `${code} × ${count}`))
      .sort()
      .join(', ');
  }
}
