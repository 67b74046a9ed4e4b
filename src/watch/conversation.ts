/** One connection of the sink: its requests answered one after another, and every step told to the observer. */
import type { Socket } from 'node:net';
import { NS_PER_MS } from '../units.js';
import { BODY, headOf, type Answer } from './answers.js';
import type { WatchedConnection } from './connection.js';
import { lives, type RequestHead } from './head.js';
import type { Observer } from './observer.js';
import { RequestReader, type RequestFault, type RequestListener } from './request-reader.js';

/** What is answered to a request. */
export type AnswerTo = (head: RequestHead, connection: WatchedConnection) => Answer;

export class Conversation implements RequestListener {
  readonly #reader = new RequestReader(this);
  /** Requests in the order of their answers; the first is in hand. */
  readonly #turns: Turn[] = [];
  /** The answer to the request in hand is on its way. */
  #answering = false;
  #bodyLeft = 0;
  /** What comes after the answer in hand, or after a pause: the answer itself, or the end. */
  #timer: NodeJS.Timeout | null = null;
  #closeIdleNs = Infinity;
  #clientEnded = false;
  #closing = false;

  /** @param onRefused told why a client cannot be answered */
  constructor(
    private readonly socket: Socket,
    private readonly connection: WatchedConnection,
    private readonly observer: Observer,
    private readonly answerTo: AnswerTo,
    private readonly onRefused: (fault: ConversationFault) => void,
  ) {
    socket.on('data', (bytes: Buffer) => this.#heard(bytes));
    socket.on('end', () => this.#heardEnd());
    socket.on('drain', () => this.#send());
    socket.on('close', () => this.#stopTimer());
  }

  /** A request has begun and is not whole. */
  get inRequest(): boolean {
    return this.#reader.inRequest;
  }

  /** Ends a conversation whose client takes too long, as RFC 9110 §15.5.9 has it. */
  expire(): void {
    if (!this.#closing) this.#refuse('too slow');
  }

  requestBegan(): void {
    if (this.#turns.length > 0) return;
    this.#stopTimer();
    this.observer.requestBegan(this.connection);
  }

  requestHead(head: RequestHead): void {
    if (this.#turns.length === MOST_TURNS) return this.#refuse('too many requests at once');
    this.#turns.push({ head, whole: false });
    if (this.#turns.length === 1) this.#take(head);
  }

  requestBody(bytes: Buffer): void {
    this.observer.sent(this.connection, bytes.length);
  }

  requestEnded(): void {
    const turn = this.#turns.at(-1);
    if (turn === undefined) return;
    turn.whole = true;
    if (this.#turns.length === 1 && !this.#answering) this.#answer(turn.head);
  }

  requestRefused(fault: RequestFault): void {
    this.#refuse(fault);
  }

  #heard(bytes: Buffer): void {
    if (!this.#closing) this.#reader.push(bytes);
    if (this.#turns.length >= TURNS_PAUSED && !this.socket.isPaused()) this.socket.pause(); // a client that pipelines waits for us, not in our memory
  }

  /** A FIN ends one direction only: a client may still read the answer, and one that does not sends a reset for what comes. */
  #heardEnd(): void {
    this.#clientEnded = true;
    if (!this.#answering) this.#close();
  }

  #take(head: RequestHead): void {
    this.observer.requestHead(this.connection, head);
    if (!head.expectsContinue || head.body === 0) return;
    this.connection.interim = true;
    this.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  }

  #answer(head: RequestHead): void {
    this.#answering = true;
    const answer = this.answerTo(head, this.connection);
    if (answer.hold !== null) answer.hold(() => this.socket.destroyed || this.#begin(head, answer));
    else if (answer.delayNs === 0) this.#begin(head, answer);
    else this.#after(answer.delayNs, () => this.#begin(head, answer));
  }

  #begin(head: RequestHead, answer: Answer): void {
    const close = answer.close || !lives(head);
    this.#closing ||= close;
    this.#closeIdleNs = answer.closeIdleNs;
    const bodyless = head.method === 'HEAD' || answer.status === 204 || answer.status === 304;
    const bodyBytes = bodyless ? 0 : answer.bodyBytes;
    this.observer.answerBegan(this.connection, { status: answer.status, announced: close ? 'close-token' : '', hintSeconds: close ? -1 : answer.hintSeconds, bodyBytes });
    const text = Buffer.from(headOf(answer, head.minor, close), 'latin1');
    const together = Math.min(bodyBytes, BODY.length); // most answers go out in one write: one segment, one event for the client
    this.#bodyLeft = bodyBytes - together;
    this.observer.answerBytes(this.connection, text.length + together);
    this.socket.write(Buffer.concat([text, BODY.subarray(0, together)]));
    this.#send();
  }

  /** Sends what the client takes. The answer is over when no more than the socket's own buffer is left of it. */
  #send(): void {
    this.observer.progress(this.connection);
    if (!this.#answering || this.#timer !== null) return;
    while (this.#bodyLeft > 0 && !this.socket.writableNeedDrain) {
      const bytes = Math.min(this.#bodyLeft, BODY.length);
      this.#bodyLeft -= bytes;
      this.observer.answerBytes(this.connection, bytes);
      this.socket.write(BODY.subarray(0, bytes));
    }
    if (!this.socket.writableNeedDrain && !this.socket.destroyed) this.#answered();
  }

  #answered(): void {
    this.#answering = false;
    const { whole } = this.#turns.shift()!;
    this.observer.answerEnded(this.connection, !whole);
    if (this.#closing) return this.#close();
    if (this.socket.isPaused() && this.#turns.length < TURNS_PAUSED) this.socket.resume();
    const next = this.#turns[0];
    if (next !== undefined) {
      this.#take(next.head);
      if (next.whole) this.#answer(next.head);
    } else if (this.#clientEnded) this.#close();
    else if (this.#closeIdleNs !== Infinity) this.#after(this.#closeIdleNs, () => this.#close());
  }

  #refuse(fault: ConversationFault): void {
    this.onRefused(fault);
    this.#stopTimer();
    this.observer.answerBegan(this.connection, { status: 400, announced: 'close-token' });
    this.socket.write(`HTTP/1.1 ${STATUS_OF[fault] ?? '400 Bad Request'}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    this.#close();
  }

  #close(): void {
    this.#closing = true;
    this.observer.ended(this.connection, this.#clientEnded ? 'client' : 'server', 'fin');
    this.socket.end();
    if (!this.#clientEnded) this.#after(LINGER_NS, () => this.socket.destroy()); // one that never closes its side does not hold ours
  }

  #after(ns: number, act: () => void): void {
    this.#stopTimer();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      act();
    }, ns / NS_PER_MS);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

export type ConversationFault = RequestFault | 'too many requests at once' | 'too slow';

interface Turn {
  readonly head: RequestHead;
  /** Its body has come to its end. */
  whole: boolean;
}

const STATUS_OF: Partial<Record<ConversationFault, string>> = {
  'head too large': '431 Request Header Fields Too Large',
  'too slow': '408 Request Timeout',
  'bad version': '505 HTTP Version Not Supported',
};

/** Requests that one client may send ahead; from half of it on it is not read any more. */
const MOST_TURNS = 2000;
const TURNS_PAUSED = 16;
const LINGER_NS = 5000 * NS_PER_MS;
