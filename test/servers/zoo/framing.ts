/** Valid responses that are easy to get wrong. */
import { member, ok, type Visit } from './member.js';

export const trailers = member('chunked-trailers', 'answers in chunks, with an extension and two trailer fields', {
  answers: says('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A, X-B\r\n\r\n3;x=y\r\nhel\r\n3\r\nlo\n\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n'),
});

export const continues = member('100-then-200', 'says 100 Continue, which nobody asked for, before every response', {
  answers: says(`HTTP/1.1 100 Continue\r\n\r\n${ok()}`),
});

export const earlyHints = member('103-then-200', 'gives early hints before every response', {
  answers: says(`HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n${ok()}`),
});

export const noContent = member('204', 'has no content', { answers: says('HTTP/1.1 204 No Content\r\n\r\n') });

export const notModified = member('304', 'says 304 with the length that the body would have', {
  answers: says('HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n'),
});

export const headWithLength = member('head', 'answers HEAD with the length that the body would have', {
  answers: says('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n'),
});

export const headWithoutLength = member('head-without-length', 'answers HEAD without a length', {
  answers: says('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n'),
});

export const lineEndBehind = member('line-end-behind', 'sends a line end too many behind every body', { answers: says(`${ok()}\r\n`) });

function says(text: string): (visit: Visit) => void {
  return ({ socket }) => void socket.write(text);
}
