/** Responses without a body whatever their fields say, and those that come before the final one (RFC 9112 §6.3 item 1, RFC 9110 §15.2). */
import { MAX_INTERIM } from '../../../../src/clients/wire/parser.js';
import { CHUNKED, head, OK, type RawResponse } from './response.js';

const CONTINUE = head('HTTP/1.1 100 Continue');
const final = head(OK, 'Content-Length: 2') + 'ok';

export const bodiless: readonly RawResponse[] = [
  { name: 'HEAD with the length of the body that GET would have', raw: head(OK, 'Content-Length: 500'), head: true, gives: '200, 0 bytes, kept' },
  { name: 'HEAD without a length', raw: head(OK, 'Content-Type: text/plain'), head: true, gives: '200, 0 bytes, kept', note: 'RFC 9112 §6.3 item 1' },
  { name: 'HEAD of a chunked response', raw: head(OK, CHUNKED), head: true, gives: '200, 0 bytes, kept' },
  { name: 'HEAD of a response that closes', raw: head(OK, 'Content-Length: 500', 'Connection: close'), head: true, gives: '200, 0 bytes, closes: close-token' },
  { name: 'HEAD in HTTP/1.0', raw: head('HTTP/1.0 200 OK', 'Content-Length: 500'), head: true, gives: '200, 0 bytes, closes: http10' },
  { name: 'HEAD answered with an error', raw: head('HTTP/1.1 404 Not Found', 'Content-Length: 9'), head: true, gives: '404, 0 bytes, kept' },
  { name: 'HEAD answered with a body all the same', raw: head(OK, 'Content-Length: 5') + 'hello', head: true, gives: '200, 0 bytes, kept, 5 unsolicited' },
  { name: 'HEAD with a bad length', raw: head(OK, 'Content-Length: x'), head: true, gives: 'error: bad Content-Length' },
  { name: 'HEAD after 100', raw: CONTINUE + head(OK, 'Content-Length: 500'), head: true, gives: '200, 0 bytes, kept, after 1 interim' },
  { name: '204', raw: head('HTTP/1.1 204 No Content'), gives: '204, 0 bytes, kept' },
  { name: '204 with length 0', raw: head('HTTP/1.1 204 No Content', 'Content-Length: 0'), gives: '204, 0 bytes, kept' },
  { name: '204 with a length', raw: head('HTTP/1.1 204 No Content', 'Content-Length: 5'), eof: true, gives: '204, 0 bytes, kept', note: 'RFC 9112 §6.3 item 1' },
  { name: '204 in chunks', raw: head('HTTP/1.1 204 No Content', CHUNKED), eof: true, gives: '204, 0 bytes, kept', note: 'RFC 9112 §6.3 item 1' },
  { name: '204 that closes', raw: head('HTTP/1.1 204 No Content', 'Connection: close'), gives: '204, 0 bytes, closes: close-token' },
  { name: '204 with a body all the same', raw: head('HTTP/1.1 204 No Content') + 'body', gives: '204, 0 bytes, kept, 4 unsolicited' },
  { name: '304', raw: head('HTTP/1.1 304 Not Modified', 'ETag: "x"'), gives: '304, 0 bytes, kept' },
  {
    name: '304 with a length',
    raw: head('HTTP/1.1 304 Not Modified', 'Content-Length: 5'),
    gives: '304, 0 bytes, kept',
    note: 'RFC 9110 §15.4.5: of the body that GET would have',
  },
  { name: '304 in chunks', raw: head('HTTP/1.1 304 Not Modified', CHUNKED), gives: '304, 0 bytes, kept' },
  { name: '100 before the final response', raw: CONTINUE + final, gives: '200, 2 bytes, kept, after 1 interim' },
  { name: '102 before the final response', raw: head('HTTP/1.1 102 Processing') + final, gives: '200, 2 bytes, kept, after 1 interim' },
  {
    name: '103 with hints before the final response',
    raw: head('HTTP/1.1 103 Early Hints', 'Link: </style.css>; rel=preload') + final,
    gives: '200, 2 bytes, kept, after 1 interim',
  },
  {
    name: '100, 103 and 103 before the final response',
    raw: CONTINUE + head('HTTP/1.1 103 Early Hints').repeat(2) + final,
    gives: '200, 2 bytes, kept, after 3 interim',
  },
  {
    name: '199 before the final response',
    raw: head('HTTP/1.1 199 Odd') + final,
    gives: '200, 2 bytes, kept, after 1 interim',
    note: 'RFC 9110 §15.2: a client MAY ignore unexpected 1xx',
  },
  {
    name: '100 with a length',
    raw: head('HTTP/1.1 100 Continue', 'Content-Length: 0') + final,
    gives: '200, 2 bytes, kept, after 1 interim',
    note: 'RFC 9112 §6.3 item 1',
  },
  {
    name: '100 with a length that is not 0',
    raw: head('HTTP/1.1 100 Continue', 'Content-Length: 5') + final,
    eof: true,
    gives: '200, 2 bytes, kept, after 1 interim',
    note: 'RFC 9112 §6.3 item 1',
  },
  {
    name: '100 that says close',
    raw: head('HTTP/1.1 100 Continue', 'Connection: close') + final,
    gives: '200, 2 bytes, kept, after 1 interim',
    note: 'RFC 9112 §9.3: the most recent message decides',
  },
  { name: '100 with a chunked final response', raw: CONTINUE + head(OK, CHUNKED) + '2\r\nok\r\n0\r\n\r\n', gives: '200, 2 bytes, kept, after 1 interim' },
  {
    name: '100 with a final response that closes',
    raw: CONTINUE + head(OK, 'Content-Length: 0', 'Connection: close'),
    gives: '200, 0 bytes, closes: close-token, after 1 interim',
  },
  { name: '100 with a final response up to the end', raw: CONTINUE + head(OK) + 'body', eof: true, gives: '200, 4 bytes, closes: eof-delimited, after 1 interim' },
  { name: '100 and an empty line', raw: CONTINUE + '\r\n' + final, gives: '200, 2 bytes, kept, after 1 interim' },
  { name: '100 and no more', raw: CONTINUE, eof: true, gives: 'truncated' },
  { name: '100 and garbage', raw: CONTINUE + 'garbage', eof: true, gives: 'error: not HTTP' },
  { name: 'as many 1xx as are borne', raw: CONTINUE.repeat(MAX_INTERIM) + final, gives: `200, 2 bytes, kept, after ${MAX_INTERIM} interim` },
  {
    name: 'one 1xx too many',
    raw: CONTINUE.repeat(MAX_INTERIM + 1) + final,
    gives: 'error: too many interim responses',
    note: 'a bound of ours: a flood of 1xx is no answer',
  },
  { name: '101 to a websocket', raw: head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'), gives: '101, upgraded' },
  {
    name: '101 and bytes of the other protocol',
    raw: head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade') + '\x81\x02hi',
    gives: '101, upgraded, 4 unsolicited',
  },
  {
    name: '101 without an Upgrade field',
    raw: head('HTTP/1.1 101 Switching Protocols'),
    gives: '101, upgraded',
    note: 'RFC 9110 §15.2.2: the connection has left HTTP all the same',
  },
  {
    name: '101 after 100',
    raw: CONTINUE + head('HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c', 'Connection: Upgrade'),
    gives: '101, upgraded, after 1 interim',
  },
  {
    name: '426 keeps the connection',
    raw: head('HTTP/1.1 426 Upgrade Required', 'Upgrade: h2c', 'Connection: Upgrade', 'Content-Length: 0'),
    gives: '426, 0 bytes, kept',
  },
];
