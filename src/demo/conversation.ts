/** One connection of the target, from its first request to its end. */
import type { Socket } from 'node:net';
import type { AcceptedConnection } from '../net/listener.js';
import { refusal, replyTo, type Reply } from './reply.js';

const END_OF_HEAD = '\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const MAX_HEAD_BYTES = 64 * 1024;
/** A client that was told the connection ends gets this long to end its side. */
const LINGER_MS = 5000;

/**
 * Serves HTTP/1.1 requests in their order, one at a time, however the bytes are cut. A hand-written reader in place of `node:http`: the
 * target shares its machine with the load generator, and every microsecond it takes is missing there.
 */
export function converse(socket: Socket, connection: AcceptedConnection, replies: Replies): void {
  new Conversation(socket, connection, replies).begin();
}

/** Replies by head: a load generator sends few different heads, many times each. */
export class Replies {
  private readonly known = new Map<string, Reply>();

  to(head: string): Reply {
    let reply = this.known.get(head);
    if (!reply) {
      if (this.known.size >= 256) this.known.clear();
      this.known.set(head, (reply = replyTo(head)));
    }
    return reply;
  }
}

class Conversation {
  /** Bytes that came and were not used yet. */
  private rest: Buffer | undefined;
  /** The request being read, once its head is complete. */
  private current: Reply | undefined;
  private bodyLeft = 0;
  /** `waiting`: a reply is being held back or does not fit into the kernel. `closing`: the last reply is out. */
  private state: 'reading' | 'waiting' | 'closing' = 'reading';
  private peerEnded = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly connection: AcceptedConnection,
    private readonly replies: Replies,
  ) {}

  begin(): void {
    this.socket.on('data', (bytes) => this.take(bytes));
    this.socket.on('end', () => {
      this.peerEnded = true;
      if (this.state === 'reading') this.close();
    });
    this.socket.on('close', () => clearTimeout(this.timer));
  }

  private take(bytes: Buffer): void {
    if (this.state === 'closing') return;
    this.rest = this.rest ? Buffer.concat([this.rest, bytes]) : bytes;
    if (this.state === 'reading') this.proceed();
    else if (this.rest.length > MAX_HEAD_BYTES) this.socket.pause();
  }

  /** Serves every request that is here in full. */
  private proceed(): void {
    const bytes = this.rest as Buffer;
    this.rest = undefined;
    let at = 0;
    while (this.state === 'reading') {
      if (!this.current) {
        while (bytes[at] === 13 || bytes[at] === 10) at++; // empty lines before a request are to be overlooked (RFC 9112, 2.2)
        const end = bytes.indexOf(END_OF_HEAD, at, 'latin1');
        if ((end < 0 ? bytes.length : end) - at > MAX_HEAD_BYTES) this.answer(refusal(431));
        if (end < 0 || this.state !== 'reading') break;
        this.current = this.replies.to(bytes.toString('latin1', at, end));
        this.bodyLeft = this.current.bodyLength;
        at = end + END_OF_HEAD.length;
        if (this.current.expectsContinue && at === bytes.length) this.socket.write(CONTINUE);
      }
      const step = Math.min(this.bodyLeft, bytes.length - at);
      at += step;
      this.bodyLeft -= step;
      if (this.bodyLeft > 0) break;
      const reply = this.current;
      this.current = undefined;
      if (reply.counted) this.connection.countRequest();
      if (reply.delayMs > 0) this.holdBack(reply);
      else this.answer(reply);
    }
    if (at < bytes.length && this.state !== 'closing') this.rest = bytes.subarray(at);
  }

  private holdBack(reply: Reply): void {
    this.state = 'waiting';
    this.timer = setTimeout(() => {
      this.state = 'reading';
      this.answer(reply);
      if (this.state === 'reading') this.resume();
    }, reply.delayMs);
  }

  private answer(reply: Reply): void {
    if (reply.last) return this.close(reply.bytes);
    if (this.socket.write(reply.bytes)) return;
    this.state = 'waiting';
    this.socket.once('drain', () => this.resume());
  }

  private resume(): void {
    this.state = 'reading';
    this.socket.resume();
    if (this.rest) this.proceed();
    if (this.peerEnded && this.state === 'reading') this.close();
  }

  private close(reply?: Buffer): void {
    this.state = 'closing';
    this.rest = undefined;
    if (reply) this.socket.end(reply);
    else this.socket.end();
    this.socket.setTimeout(LINGER_MS, () => this.socket.destroy());
  }
}
