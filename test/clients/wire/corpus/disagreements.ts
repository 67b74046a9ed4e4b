/** Where the parser and llhttp, as shipped in Node, come to different ends, and the section of the RFC that supports the parser. */
export interface Disagreement {
  readonly because: string;
  /** The versions of llhttp that see it so, when not all from 9.3 on. */
  readonly llhttp?: 'before 9.4' | 'since 9.4';
  /** Names of responses of the corpus, and what Node makes of each. */
  readonly responses: Readonly<Record<string, string>>;
}

export const disagreements: readonly Disagreement[] = [
  {
    because: 'RFC 9112 §2.2: a recipient MAY recognize a single LF as a line terminator of the start line and of fields',
    responses: {
      'LF ends the lines': 'rejects',
      'LF ends the status line only': 'rejects',
      'LF ends a status line without a reason': 'rejects',
      'LF ends one field line': 'rejects',
      'LF is the empty line': 'rejects',
      'LF ends a trailer': 'rejects',
    },
  },
  {
    because: 'RFC 9112 §5.2: a user agent MUST replace each obs-fold in a response with spaces and interpret the value',
    responses: {
      'a folded value that is skipped': 'rejects',
      'a folded Connection': 'rejects',
      'a fold inside a token': 'rejects',
      'a fold before Content-Length': 'rejects',
      'a fold of nothing but spaces': 'rejects',
      'a folded Content-Length that is no such field': 'rejects',
      'a folded trailer': 'rejects',
    },
  },
  {
    because: 'RFC 9112 §5: optional whitespace around a value is SP or HTAB',
    responses: { 'chunked among spaces': '200, 15 bytes, closes' },
  },
  {
    because: 'RFC 9112 §5: optional whitespace behind a value is SP or HTAB',
    llhttp: 'before 9.4',
    responses: { 'a value among spaces and tabs': 'rejects', 'close among spaces and tabs': '200, 0 bytes, kept' },
  },
  {
    because: 'RFC 9112 §6.3 item 4 with RFC 9110 §5.6.1.2: a list may be empty; Transfer-Encoding without a final chunked reads to the end, and an empty line after chunked adds no coding',
    llhttp: 'since 9.4',
    responses: { 'an empty Transfer-Encoding': 'rejects', 'chunked and an empty line of codings': 'rejects' },
  },
  {
    because: 'RFC 9110 §5.5: CR and NUL are dangerous to process or forward, other controls MAY be retained; a value that is skipped is neither processed nor forwarded',
    responses: {
      'a NUL in a value that is skipped': 'rejects',
      'a control byte in a value that is skipped': 'rejects',
      'a DEL in a value that is skipped': 'rejects',
      'a bare CR in a value that is skipped': 'rejects',
      'a bare CR hides a Content-Length': 'rejects',
    },
  },
  {
    because: 'RFC 9112 §6.3 item 5: a list of Content-Lengths that are all valid and the same is processed as that one value',
    responses: { 'two equal lengths': 'rejects', 'equal lengths in a list': 'rejects', 'two equal lengths written differently': 'rejects' },
  },
  {
    because: 'RFC 9110 §2.5: the major version decides the syntax of messages; no HTTP/0.9 or HTTP/2 message has a status line',
    responses: { 'HTTP/2.0': '200, 0 bytes, closes', 'HTTP/0.9 in a status line': '200, 0 bytes, closes' },
  },
  {
    because: 'RFC 9110 §5.6.1.2: a recipient MUST parse and ignore empty list elements, so that chunked is the final coding',
    responses: { 'chunked and an empty element': '200, 15 bytes, closes' },
  },
  {
    because: 'RFC 9112 §7.1: parameters of chunked SHOULD be treated as an error',
    responses: { 'chunked with a parameter': '200, 15 bytes, closes' },
  },
  {
    because: 'RFC 9112 §6.1: HTTP/1.0 with Transfer-Encoding is faulty framing, and the client MUST close the connection after processing the message',
    responses: { 'chunked in HTTP/1.0': '200, 5 bytes, kept' },
  },
  {
    because: 'RFC 9112 §7.1.1 with RFC 9110 §5.6.3: whitespace around the semicolon is bad, and a recipient MUST parse and remove it',
    responses: { 'a space before an extension': 'rejects', 'a space behind the semicolon': 'rejects' },
  },
  {
    because: 'RFC 9112 §7.1.1: the length of chunk extensions ought to be limited; ours is 16 KiB with the size',
    responses: { 'an extension that never ends': '200, 5 bytes, kept' },
  },
  {
    because: 'RFC 9110 §6.5.1: a recipient MUST NOT merge a trailer into the head unless its definition permits; framing fields in trailers are ignored',
    responses: { 'a trailer with a length': 'rejects' },
  },
  {
    because: 'RFC 9110 §5.4: a client may bound what it wishes to process; ours is 64 KiB with the status line and the empty line, which llhttp does not count',
    responses: { 'a head of one byte more': '200, 0 bytes, kept' },
  },
  {
    because: 'RFC 9112 §6.3 item 1: a response to HEAD ends with its empty line, so that it is self-delimited without a length',
    responses: { 'HEAD without a length': '200, 0 bytes, closes' },
  },
  {
    because: 'RFC 9110 §15.2: a client MUST be able to parse 1xx responses before the final one; RFC 9112 §9.3: the most recent message decides about the connection',
    responses: { '100 that says close': 'rejects' },
  },
  {
    because: 'RFC 9110 §15.2 asks for "one or more" 1xx responses and not for a flood; ours is bounded',
    responses: { 'one 1xx too many': '200, 2 bytes, kept' },
  },
  {
    because: 'RFC 9110 §15.2.2: behind the empty line of a 101 the connection speaks another protocol, even when the server forgot to name it',
    responses: { '101 without an Upgrade field': '101, 0 bytes, kept' },
  },
  {
    because: 'RFC 9112 App. C.2.2: Proxy-Connection is an error of old clients; Connection alone decides (§9.3)',
    responses: { 'Proxy-Connection says nothing': '200, 0 bytes, closes', 'HTTP/1.0 with Proxy-Connection': '200, 0 bytes, kept' },
  },
  {
    because: 'RFC 9112 §9.3: the close option is looked for first, whatever else the list holds',
    responses: { 'HTTP/1.0 with keep-alive and close': '200, 0 bytes, kept' },
  },
  {
    because: 'RFC 9112 §9.3 decides about the connection by version and Connection; the hints are in no RFC of HTTP/1.1, and the pool may heed them',
    responses: { 'a hint of nothing left': '200, 0 bytes, closes' },
  },
];
