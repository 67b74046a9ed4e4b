/** What the sink answers: bytes made once, told apart by the path of the request. */
import { NS_PER_MS, NS_PER_S, parseDuration } from '../units.js';
import type { RequestHead } from './head.js';
import { parseBytes } from './words.js';

export interface Answer {
  readonly status: number;
  readonly bodyBytes: number;
  readonly delayNs: number;
  /** End the connection after it, and say so. */
  readonly close: boolean;
  /** Seconds of a `Keep-Alive: timeout` hint, or -1 for none. */
  readonly hintSeconds: number;
  /** End the connection without a word, once it has been idle for so long; Infinity never. */
  readonly closeIdleNs: number;
  /** Asked to hold the answer back; it goes out when `release` is called. */
  readonly hold: ((release: () => void) => void) | null;
}

/**
 * The answer to a request: `/bytes/1MiB`, `/delay/200ms` and `/status/404` change it, in any order (`/delay/1s/bytes/100`); any other path gets the usual one.
 * @param usual what is answered when the path asks for nothing
 */
export function answerTo({ target }: RequestHead, usual: Answer): Answer {
  let answer = usual;
  const path = target.replace(/^[a-z]+:\/\/[^/]*/i, '').split(/[?#]/, 1)[0]!;
  for (const [, name, value] of path.matchAll(/\/(bytes|delay|status)\/([^/]+)/g)) {
    if (name === 'bytes') {
      const bytes = parseBytes(value!);
      if (bytes.ok) answer = { ...answer, bodyBytes: Math.min(bytes.value, MOST_BODY_BYTES) };
    } else if (name === 'delay') {
      const delay = parseDuration(value!);
      if (delay.ok) answer = { ...answer, delayNs: Math.min(delay.value, LONGEST_DELAY_NS) };
    } else if (/^[2-5]\d\d$/.test(value!)) answer = { ...answer, status: Number(value) };
  }
  return answer;
}

/** The head of an answer. @param keepAlive whether to say that the connection lives on, which HTTP/1.0 wants to hear */
export function headOf({ status, bodyBytes, hintSeconds }: Answer, minor: 0 | 1, close: boolean): string {
  const connection = close ? 'Connection: close\r\n' : minor === 0 || hintSeconds >= 0 ? 'Connection: keep-alive\r\n' : '';
  const hint = hintSeconds >= 0 && !close ? `Keep-Alive: timeout=${hintSeconds}\r\n` : '';
  const length = status === 204 || status === 304 ? '' : `Content-Length: ${bodyBytes}\r\n`;
  return `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Asked For'}\r\nContent-Type: text/plain\r\n${length}${connection}${hint}\r\n`;
}

/** A piece of a body; the same bytes serve all connections. */
export const BODY = Buffer.alloc(65_536, 'sameconn watches its connections.\n');

export const USUAL: Answer = { status: 200, bodyBytes: 100, delayNs: 0, close: false, hintSeconds: -1, closeIdleNs: Infinity, hold: null };

/** Bounds of what a path may ask for. */
const MOST_BODY_BYTES = 1024 ** 3;
const LONGEST_DELAY_NS = 60 * NS_PER_S;

export const delayMs = ({ delayNs }: Answer): number => delayNs / NS_PER_MS;
