/** Request bytes, built once per round. */
import { isFileBody, type BodyFile } from '../../net/body-file.js';
import type { RequestSpec } from '../../net/endpoint.js';

export interface PreparedRequest {
  readonly isHead: boolean;
  /** Head (and body, when small) of a request after which the connection is kept. */
  readonly keeping: Buffer;
  /** The same with `connection: close`. */
  readonly closing: Buffer;
  /** A body too large to copy behind its head, or one on disk; null otherwise. */
  readonly largeBody: Buffer | BodyFile | null;
}

/** Up to this size head and body leave in one buffer. */
const SMALL_BODY = 64 * 1024;

/**
 * @param authority the value of the Host header, unless the request names its own
 * @param file the request's body, when it stays on disk
 */
export function prepareRequest(request: RequestSpec, authority: string, file: BodyFile | null = null): PreparedRequest {
  const given = request.body;
  const body = given === null || isFileBody(given) ? file : Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const small = Buffer.isBuffer(body) && body.length <= SMALL_BODY ? body : null;
  const bytes = (connection: string): Buffer => {
    const head = Buffer.from(headText(request, authority, body, connection), 'latin1');
    return small === null ? head : Buffer.concat([head, small]);
  };
  return { isHead: request.method === 'HEAD', keeping: bytes(''), closing: bytes('connection: close\r\n'), largeBody: small === null ? body : null };
}

// RFC 9110 §8.6: a method that anticipates content says Content-Length: 0 when it has none.
const ANTICIPATES_CONTENT = new Set(['POST', 'PUT', 'PATCH']);

function headText({ method, path, headers }: RequestSpec, authority: string, body: Buffer | BodyFile | null, connection: string): string {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const host = names.includes('host') ? '' : `host: ${authority}\r\n`;
  const length = body !== null || ANTICIPATES_CONTENT.has(method) ? `content-length: ${body?.length ?? 0}\r\n` : '';
  const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${host}${given.join('')}${length}${connection}\r\n`;
}
