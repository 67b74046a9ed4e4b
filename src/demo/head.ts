/** Reads the head of a request as far as the target needs it: what is asked, where the body ends, whether the connection goes on. */

export interface RequestHead {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly bodyLength: number;
  readonly expectsContinue: boolean;
  readonly keepAlive: boolean;
}

/** The head of a request that cannot be served: answered with this status, after which the connection ends. */
export interface RefusedHead {
  readonly refused: 400 | 411 | 505;
}

/** @param head everything before the empty line, which is left out */
export function readHead(head: string): RequestHead | RefusedHead {
  const line = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/(\d)\.(\d)(?:\r\n|$)/.exec(head);
  if (!line) return { refused: 400 };
  const [{ length }, method = '', target = '', major, minor] = line;
  if (major !== '1') return { refused: 505 };
  const fields = head.slice(length);
  if (values(fields, 'transfer-encoding').length > 0) return { refused: 411 };
  const lengths = new Set(values(fields, 'content-length'));
  const [bodyLength = '0'] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(bodyLength)) return { refused: 400 };
  const connection = values(fields, 'connection');
  return {
    method,
    target,
    bodyLength: Number(bodyLength),
    expectsContinue: values(fields, 'expect').includes('100-continue'),
    keepAlive: !connection.includes('close') && (minor !== '0' || connection.includes('keep-alive')),
  };
}

/** The members of a comma list, in lower case, over all the lines that carry it (RFC 9110, 5.3). */
function values(fields: string, name: string): string[] {
  const found = fields.matchAll(new RegExp(`^${name}:([^\\r\\n]*)`, 'gim'));
  return [...found].flatMap(([, list = '']) => list.split(',').map((member) => member.trim().toLowerCase()));
}
