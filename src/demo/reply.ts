/** What the target answers. The query says how, so that one target plays many servers: `?delay=20ms`, `?status=503`, `?size=1000`, `?close=1`. */
import { NS_PER_MS, parseDuration } from '../units.js';
import { readHead, type RefusedHead, type RequestHead } from './head.js';

/** How one request is served, worked out from its head alone; equal heads share it. */
export interface Reply {
  readonly bytes: Buffer;
  /** Bytes of request body to be read, and forgotten, before the answer. */
  readonly bodyLength: number;
  readonly expectsContinue: boolean;
  readonly delayMs: number;
  /** The connection ends with this reply. */
  readonly last: boolean;
  /** False for what was no request: it is refused and not counted. */
  readonly counted: boolean;
}

const MAX_DELAY_MS = 60_000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 400: 'Bad Request', 411: 'Length Required', 431: 'Request Header Fields Too Large', 503: 'Service Unavailable', 505: 'HTTP Version Not Supported' };

/** @param head everything before the empty line, which is left out */
export function replyTo(head: string): Reply {
  const request = readHead(head);
  if ('refused' in request) return refusal(request.refused);
  const { status, size, delayMs, close, complaint } = readQuery(request.target);
  const last = close || !request.keepAlive;
  const body = complaint ? { error: complaint } : { ok: status < 400, status };
  return {
    bytes: write(status, size === undefined ? JSON.stringify(body) : '.'.repeat(size), last, request),
    bodyLength: request.bodyLength,
    expectsContinue: request.expectsContinue,
    delayMs,
    last,
    counted: true,
  };
}

export function refusal(status: RefusedHead['refused'] | 431): Reply {
  const bytes = write(status, JSON.stringify({ error: REASONS[status] }), true);
  return { bytes, bodyLength: 0, expectsContinue: false, delayMs: 0, last: true, counted: false };
}

interface Wish {
  status: number;
  size?: number;
  delayMs: number;
  close: boolean;
  complaint?: string;
}

function readQuery(target: string): Wish {
  const wish: Wish = { status: 200, delayMs: 0, close: false };
  const refuse = (complaint: string): Wish => ({ ...wish, status: 400, complaint });
  for (const [name, value] of new URLSearchParams(target.split('?')[1] ?? '')) {
    if (name === 'delay') {
      const delay = parseDuration(value);
      if (!delay.ok) return refuse(delay.complaint);
      wish.delayMs = Math.min(delay.value / NS_PER_MS, MAX_DELAY_MS);
    } else if (name === 'status') {
      if (!/^[2-5]\d\d$/.test(value)) return refuse(`"${value}" is not a final status; write one from 200 to 599`);
      wish.status = Number(value);
    } else if (name === 'size') {
      if (!/^\d+$/.test(value) || Number(value) > MAX_BODY_BYTES) return refuse(`"${value}" is not a size; write bytes, at most ${MAX_BODY_BYTES}`);
      wish.size = Number(value);
    } else if (name === 'close') {
      wish.close = value !== '0';
    }
  }
  return wish;
}

function write(status: number, body: string, last: boolean, request?: RequestHead): Buffer {
  const bodiless = status === 204 || status === 304; // RFC 9110, 6.4.1
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
    ...(bodiless ? [] : [`Content-Type: ${body.startsWith('{') ? 'application/json' : 'text/plain'}`, `Content-Length: ${body.length}`]),
    last ? 'Connection: close' : 'Connection: keep-alive',
  ].join('\r\n');
  return Buffer.from(`${head}\r\n\r\n${bodiless || request?.method === 'HEAD' ? '' : body}`, 'latin1');
}
