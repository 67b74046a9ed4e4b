/** What a response says about the connection, and what happens then. */
import { answer, member, ok, response, type Visit } from './member.js';

const CLOSE = 'Connection: close';

export const alwaysCloses = member('closes-always', 'says Connection: close in every response and closes', { answers: ({ socket }) => socket.end(ok(CLOSE)) });

export const closesAfter3 = member('closes-after-3-announced', 'says Connection: close in the third response of a connection and closes', {
  answers: after(3, (socket) => socket.end(ok(CLOSE))),
});

export const closesAfter3Silently = member('closes-after-3-unannounced', 'sends a FIN right after the third response of a connection, without a word', {
  answers: after(3, (socket) => socket.end(ok())),
});

export const closeAmongTokens = member('close-among-tokens', 'hides the close token in a list, in capitals, on the second of two Connection lines', {
  answers: ({ socket }) => socket.end(ok('Connection: x-trace', 'Connection: Upgrade-Insecure ,  CLOSE')),
});

export const announcesAndStays = member('announces-and-stays', 'says Connection: close in the second response and never closes, like Node’s maxRequestsPerSocket', {
  answers: after(2, (socket) => socket.write(ok(CLOSE))),
});

export const closesOn400 = member('closes-on-400', 'closes after a 400 only, which is every third response of a connection', {
  answers: after(3, (socket) => socket.end(response('HTTP/1.1 400 Bad Request', CLOSE))),
});

export const http10 = member('http10', 'speaks HTTP/1.0 without keep-alive', { answers: ({ socket }) => socket.end(response('HTTP/1.0 200 OK')) });

export const http10Kept = member('http10-keep-alive', 'speaks HTTP/1.0 with Connection: keep-alive', {
  answers: ({ socket }) => socket.write(response('HTTP/1.0 200 OK', 'Connection: keep-alive')),
});

export const untilEof = member('eof-delimited', 'gives no length: the body ends with the connection', {
  answers: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello\n'),
});

function after(n: number, act: (socket: Visit['socket']) => void): (visit: Visit) => void {
  return (visit) => (visit.nth < n ? answer(visit) : act(visit.socket));
}
