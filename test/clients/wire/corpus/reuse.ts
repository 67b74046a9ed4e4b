/** Whether the connection may be used again: the Connection and Keep-Alive fields (RFC 9112 §9.3, §9.6). */
import { CHUNKED, head, OK, type RawResponse } from './response.js';

const with11 = (...fields: string[]): string => head(OK, 'Content-Length: 0', ...fields);
const with10 = (...fields: string[]): string => head('HTTP/1.0 200 OK', 'Content-Length: 0', ...fields);
const KEPT = '200, 0 bytes, kept';
const CLOSES = '200, 0 bytes, closes: close-token';

export const reuse: readonly RawResponse[] = [
  { name: 'close', raw: with11('Connection: close'), gives: CLOSES },
  { name: 'close in capitals', raw: with11('CONNECTION: CLOSE'), gives: CLOSES },
  { name: 'close before the length', raw: head(OK, 'Connection: close', 'Content-Length: 0'), gives: CLOSES },
  { name: 'keep-alive', raw: with11('Connection: keep-alive'), gives: KEPT },
  { name: 'close behind another option', raw: with11('Connection: upgrade, close'), gives: CLOSES },
  { name: 'close before another option', raw: with11('Connection: close, upgrade'), gives: CLOSES },
  { name: 'close among options without spaces', raw: with11('Connection: a,close,b'), gives: CLOSES },
  { name: 'close among spaces and tabs', raw: with11('Connection: a \t,\t close \t, b'), gives: CLOSES },
  { name: 'close among empty elements', raw: with11('Connection: ,, ,close,,'), gives: CLOSES, note: 'RFC 9110 §5.6.1.2' },
  { name: 'close in a second line', raw: with11('Connection: keep-alive', 'Connection: close'), gives: CLOSES },
  { name: 'close in a first line', raw: with11('Connection: close', 'Connection: keep-alive'), gives: CLOSES, note: 'RFC 9112 §9.3: close comes first' },
  { name: 'close and keep-alive in one list', raw: with11('Connection: keep-alive, close'), gives: CLOSES, note: 'RFC 9112 §9.3: close comes first' },
  { name: 'keep-alive behind close in one list', raw: with11('Connection: close, keep-alive'), gives: CLOSES, note: 'RFC 9112 §9.3: close comes first' },
  { name: 'closed is not close', raw: with11('Connection: closed'), gives: KEPT },
  { name: 'clos is not close', raw: with11('Connection: clos'), gives: KEPT },
  { name: 'close with a parameter is not close', raw: with11('Connection: close;now'), gives: KEPT },
  { name: 'two words are not close', raw: with11('Connection: close now'), gives: KEPT },
  { name: 'xclose is not close', raw: with11('Connection: xclose'), gives: KEPT },
  { name: 'close in quotes is not close', raw: with11('Connection: "close"'), gives: KEPT },
  { name: 'an empty Connection', raw: with11('Connection:'), gives: KEPT },
  { name: 'Proxy-Connection says nothing', raw: with11('Proxy-Connection: close'), gives: KEPT, note: 'RFC 9112 App. C.2.2' },
  { name: 'close and a body up to the end', raw: head(OK, 'Connection: close') + 'body', eof: true, gives: '200, 4 bytes, closes: close-token' },
  { name: 'close and chunks', raw: head(OK, 'Connection: close', CHUNKED) + '4\r\nbody\r\n0\r\n\r\n', gives: '200, 4 bytes, closes: close-token' },
  { name: 'close and bytes beyond the body', raw: with11('Connection: close') + 'more', gives: `${CLOSES}, 4 unsolicited` },
  { name: 'HTTP/1.0 without keep-alive', raw: with10(), gives: '200, 0 bytes, closes: http10' },
  { name: 'HTTP/1.0 with keep-alive', raw: with10('Connection: keep-alive'), gives: KEPT },
  { name: 'HTTP/1.0 with keep-alive in any case', raw: with10('Connection: Keep-Alive'), gives: KEPT },
  { name: 'HTTP/1.0 with keep-alive in a list', raw: with10('Connection: foo, keep-alive , bar'), gives: KEPT },
  { name: 'HTTP/1.0 with keep-alive in a second line', raw: with10('Connection: foo', 'Connection: keep-alive'), gives: KEPT },
  { name: 'HTTP/1.0 with keep-alive and close', raw: with10('Connection: keep-alive, close'), gives: CLOSES },
  { name: 'HTTP/1.0 with close', raw: with10('Connection: close'), gives: CLOSES },
  { name: 'HTTP/1.0 with Proxy-Connection', raw: with10('Proxy-Connection: keep-alive'), gives: '200, 0 bytes, closes: http10', note: 'RFC 9112 App. C.2.2' },
  { name: 'HTTP/1.0 with a Keep-Alive field only', raw: with10('Keep-Alive: timeout=5'), gives: '200, 0 bytes, closes: http10, hints timeout=5' },
  { name: 'HTTP/1.0 with keepalive misspelt', raw: with10('Connection: keepalive'), gives: '200, 0 bytes, closes: http10' },
  { name: 'a hint of a timeout', raw: with11('Keep-Alive: timeout=15'), gives: `${KEPT}, hints timeout=15` },
  { name: 'a hint of both', raw: with11('Keep-Alive: timeout=15, max=1000'), gives: `${KEPT}, hints timeout=15 max=1000` },
  { name: 'a hint of both, the other way round', raw: with11('keep-alive: MAX=7,TIMEOUT=3'), gives: `${KEPT}, hints timeout=3 max=7` },
  {
    name: 'a hint of nothing left',
    raw: with11('Keep-Alive: timeout=0, max=0'),
    gives: `${KEPT}, hints timeout=0 max=0`,
    note: 'hints are advice; Connection decides',
  },
  { name: 'a hint of an enormous timeout', raw: with11('Keep-Alive: timeout=99999999999999999999'), gives: `${KEPT}, hints timeout=1000000000` },
  { name: 'hints that are none', raw: with11('Keep-Alive: timeout=, max=x, timeout=-5, timeouts=5, max =4'), gives: KEPT },
  { name: 'a bare number is no hint', raw: with11('Keep-Alive: 300'), gives: KEPT, note: 'seen from old proxies' },
  { name: 'a hint in quotes is none', raw: with11('Keep-Alive: timeout="5"'), gives: KEPT },
];
