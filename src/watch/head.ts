/** What a watcher wants to know of a request's head: who asks for what, and what it says about the connection. */
export interface RequestHead {
  readonly method: string;
  /** As it was sent: a path, or with a proxy an absolute URL, or for CONNECT an authority. */
  readonly target: string;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  readonly minor: 0 | 1;
  readonly host: string;
  readonly userAgent: string;
  readonly saysClose: boolean;
  readonly saysKeepAlive: boolean;
  /** The client waits for `100 Continue` before it sends its body. */
  readonly expectsContinue: boolean;
  /** Bytes of body that follow, or 'chunked'. */
  readonly body: number | 'chunked';
}

/** Why a head is no request that can be answered, in a few words. */
export type HeadFault = 'not HTTP' | 'bad version' | 'bad field' | 'bad Content-Length' | 'unknown Transfer-Encoding' | 'Transfer-Encoding and Content-Length';

/** Reads a head that is whole, blank line excluded. Framing is read as RFC 9112 §6.3 demands of a server; everything else is taken as it comes. */
export function readHead(text: string): RequestHead | HeadFault {
  const lines = text.split(/\r?\n/);
  const start = REQUEST_LINE.exec(lines[0]!);
  if (start === null) return 'not HTTP';
  const [, method = '', target = '', major, minor] = start;
  if (major !== '1' || (minor !== '0' && minor !== '1')) return 'bad version';

  let length = -1;
  const found = { host: '', userAgent: '', connection: '', encoding: '', expect: '' };
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const colon = line.indexOf(':');
    if (colon <= 0 || !TOKEN.test(line.slice(0, colon))) return 'bad field'; // a folded line as well: RFC 9112 §5.2 lets a server refuse it
    const value = line.slice(colon + 1).trim();
    switch (line.slice(0, colon).toLowerCase()) {
      case 'host':
        found.host = value;
        break;
      case 'user-agent':
        found.userAgent = value;
        break;
      case 'connection':
      case 'proxy-connection':
        found.connection += `,${value}`;
        break;
      case 'transfer-encoding':
        found.encoding += `,${value}`;
        break;
      case 'expect':
        found.expect = value;
        break;
      case 'content-length': {
        const said = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
        if (Number.isNaN(said) || (length >= 0 && said !== length)) return 'bad Content-Length';
        length = said;
        break;
      }
    }
  }
  if (found.encoding !== '') {
    if (length >= 0) return 'Transfer-Encoding and Content-Length';
    if (!/(^|,)\s*chunked\s*$/i.test(found.encoding)) return 'unknown Transfer-Encoding';
  }
  const tokens = found.connection.toLowerCase().split(',').map((token) => token.trim());
  return {
    method: own(method),
    target: own(target),
    minor: minor === '0' ? 0 : 1,
    host: own(found.host.slice(0, MOST_NAME)),
    userAgent: own(found.userAgent.slice(0, MOST_NAME)),
    saysClose: tokens.includes('close'),
    saysKeepAlive: tokens.includes('keep-alive'),
    expectsContinue: /^100-continue$/i.test(found.expect),
    body: found.encoding !== '' ? 'chunked' : Math.max(0, length),
  };
}

/** Whether the client lets the connection live after this request (RFC 9112 §9.3). */
export function lives(head: RequestHead): boolean {
  return !head.saysClose && (head.minor === 1 || head.saysKeepAlive);
}

/** A copy: a slice would hold the whole head as long as it is remembered. */
const own = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

/** Longer names are cut: they are told apart and shown, no more. */
const MOST_NAME = 256;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/(\d)\.(\d)$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
