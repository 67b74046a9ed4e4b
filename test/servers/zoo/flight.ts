/** Connections that break while an exchange is under way. */
import { answer, later, member, ok, type Visit } from './member.js';

const LATER_MS = 20;
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhel';

export const resetsAtFirst = member('reset-on-first-use', 'resets every connection when its first request has come', {
  answers: ({ socket }) => socket.resetAndDestroy(),
});

export const resetsAgain = member('reset-on-reuse', 'resets every connection when its second request has come', {
  answers: second((socket) => socket.resetAndDestroy()),
});

export const endsAtFirst = member('fin-on-first-use', 'sends a FIN instead of the first response', { answers: ({ socket }) => socket.end() });

export const endsAgain = member('fin-on-reuse', 'sends a FIN instead of the second response: what a client sees when an idle timeout meets its request', {
  answers: second((socket) => socket.end()),
});

export const finRace = member('fin-race', 'sends a FIN right after every response, without a word, to a client that asks again at once', {
  answers: ({ socket }) => socket.end(ok()),
});

export const halfThenFin = member('half-then-fin', 'sends half a response and a FIN', { answers: ({ socket }) => socket.end(HALF) });

export const announcedHalfThenFin = member('announced-half-then-fin', 'says Connection: close, sends half the body and a FIN', {
  answers: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\nhel'),
});

export const halfHeadThenFin = member('half-head-then-fin', 'sends half of the second response’s status line and a FIN', {
  answers: second((socket) => socket.end('HTTP/1.1 2')),
});

export const halfChunkedThenFin = member('half-chunked-then-fin', 'sends a FIN in place of the last chunk', {
  answers: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
});

export const halfThenReset = member('half-then-reset', 'sends half a response and, 20 ms later, resets the connection', { answers: breaking(HALF) });

export const unboundedThenReset = member('eof-delimited-then-reset', 'sends a body without a length and, 20 ms later, resets the connection', {
  answers: breaking('HTTP/1.1 200 OK\r\n\r\nhello\n'),
});

function second(act: (socket: Visit['socket']) => void): (visit: Visit) => void {
  return (visit) => (visit.nth === 1 ? answer(visit) : act(visit.socket));
}

function breaking(part: string): (visit: Visit) => void {
  return ({ socket }) => {
    socket.write(part);
    later(LATER_MS, () => socket.resetAndDestroy());
  };
}
