/** Servers that are hard to get an answer from. */
import { listen } from '../../../src/net/listener.js';
import { endpointAt, member, type Member } from './member.js';

export const refuses: Member = {
  kind: 'refused',
  summary: 'listens on no port',
  async start() {
    const { port, counts, perConnection, close } = await listen({ onSocket: () => {} });
    await close();
    return { endpoint: endpointAt(port), counts, perConnection, stop: async () => {} };
  },
};

export const endsAtOnce = member('accept-then-fin', 'accepts a connection and sends a FIN before it has read anything', {
  arrives: (socket) => {
    socket.end();
    socket.resume();
  },
});

export const neverAnswers = member('never-answers', 'reads requests and never answers', { answers: () => {} });

export const stopsInTheMiddle = member('stops-in-the-middle', 'sends half a body and then nothing', {
  answers: ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\nhel'),
});

export const slowDrip = member('slow-drip', 'sends its response byte by byte', {
  answers: ({ socket }) => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n');
    const drip = (at: number): void => {
      socket.write(bytes.subarray(at, at + 1));
      if (at + 1 < bytes.length) setImmediate(drip, at + 1);
    };
    drip(0);
  },
});
