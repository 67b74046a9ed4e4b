/** Servers that break the protocol. */
import { later, member, ok, type Visit } from './member.js';

export const garbage = member('garbage', 'answers with bytes that are not HTTP', { answers: says('\x15\x03\x03 SSH-2.0-lost\r\n\r\n') });

export const twoLengths = member('two-lengths', 'gives both Transfer-Encoding and Content-Length, as smuggled responses do', {
  answers: says('HTTP/1.1 200 OK\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n'),
});

export const badLength = member('bad-length', 'gives a Content-Length that is no number', {
  answers: says('HTTP/1.1 200 OK\r\nContent-Length: 6six\r\n\r\nhello\n'),
});

export const hugeHead = member('huge-head', 'sends a header block of over 64 KiB', { answers: says(ok(`X-Long: ${'x'.repeat(70_000)}`)) });

export const surplus = member('surplus', 'sends more bytes than it announced', { answers: says(`${ok()}and one more thing`) });

export const switches = member('switches', 'says 101 Switching Protocols, unasked, and speaks something else', {
  answers: says('HTTP/1.1 101 Switching Protocols\r\nUpgrade: gossip\r\nConnection: upgrade\r\n\r\nhush'),
});

/** Pauses before it reads on, so that the client is still writing when the answer comes. */
export const answersEarly = member('answers-early', 'says 413 as soon as it has the head of a request, and reads the body afterwards', {
  hasty: true,
  answers: ({ socket }) => {
    socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n');
    socket.pause();
    later(30, () => socket.resume());
  },
});

function says(text: string): (visit: Visit) => void {
  return ({ socket }) => void socket.write(text, 'latin1');
}
