/**
 * Reads responses of every kind, once in each thread and before anything is measured. Most responses of a run begin with the very head of the one before; the head
 * that differs comes once a second, when the server's Date moves on, and the code that reads it would be compiled in the midst of the run.
 */
import { readBuffer } from './head.js';
import { ResponseParser } from './parser.js';

export function rehearseParser(): void {
  if (rehearsed) return;
  rehearsed = true;
  const buffer = readBuffer(4096);
  const parser = new ResponseParser(buffer);
  for (let n = 0; n < RESPONSES; n++) {
    const bytes = Buffer.from(responseOf(n), 'latin1').copy(buffer.bytes);
    parser.expect(false);
    if (n % 4 === 0) parser.push(buffer.bytes, 0, bytes >> 1);
    parser.push(buffer.bytes, n % 4 === 0 ? bytes >> 1 : 0, bytes);
    if (n % 16 === 7) parser.eof();
  }
}

let rehearsed = false;

const RESPONSES = 1600;
const BODY = 'hello world\n';

/** In runs of four with the same head. */
function responseOf(n: number): string {
  const date = new Date((n >> 2) * 1000).toUTCString();
  const head = `HTTP/1.1 ${n % 64 === 1 ? '503 Service Unavailable' : '200 OK'}\r\nServer: rehearsal\r\nDate: ${date}\r\nContent-Type: text/plain\r\n`;
  switch ((n >> 2) % 4) {
    case 0:
      return `${head}Content-Length: ${BODY.length}\r\nConnection: keep-alive\r\n\r\n${BODY}`;
    case 1:
      return `${head}Transfer-Encoding: chunked\r\nKeep-Alive: timeout=5, max=100\r\n\r\nc\r\n${BODY}\r\n0\r\n\r\n`;
    case 2:
      return `HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n${head}Content-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`;
    default:
      return `${head.replace('1.1', '1.0')}X-Request-Id: ${n}\r\nCache-Control: no-store\r\n\r\n${BODY}`;
  }
}
