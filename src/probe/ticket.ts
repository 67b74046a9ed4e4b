/**
 * How long a client may keep a TLS session, in seconds, as the server said when it gave the ticket; null when it did not say.
 * Reads the field `tlsext_tick_lifetime_hint`, [9], of OpenSSL's `SSL_SESSION` in DER (crypto/ssl/ssl_asn1.c).
 */
export function ticketLifetime(session: Uint8Array): number | null {
  const whole = element(session, start(session));
  if (whole === null || whole.tag !== SEQUENCE) return null;
  for (let at = whole.from; at < whole.to; ) {
    const field = element(session, at);
    if (field === null) return null;
    if (field.tag === LIFETIME_HINT) return number(session, field.from);
    at = field.to;
  }
  return null;
}

/** Newer Nodes (24.21, 26) put the name that the session is for before it: a mark, the length of the name in two bytes, the name. */
function start(session: Uint8Array): number {
  if (!MARK.every((byte, at) => session[at] === byte)) return 0;
  const named = MARK.length + 2;
  return named + session[named - 2]! * 256 + session[named - 1]!;
}

const MARK = Buffer.from('\0nodejs:tls:session:1\0');

const SEQUENCE = 0x30;
const LIFETIME_HINT = 0xa9;
const INTEGER = 0x02;

interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

function element(bytes: Uint8Array, at: number): Element | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return null;
  const digits = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + digits;
  const length = digits === 0 ? first : bytes.subarray(at + 2, from).reduce((sum, byte) => sum * 256 + byte, 0);
  return from + length <= bytes.length ? { tag, from, to: from + length } : null;
}

function number(bytes: Uint8Array, at: number): number | null {
  const integer = element(bytes, at);
  return integer?.tag === INTEGER ? bytes.subarray(integer.from, integer.to).reduce((sum, byte) => sum * 256 + byte, 0) : null;
}
