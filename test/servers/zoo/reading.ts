/** Reads requests off a socket, in their order and however the bytes are cut. */
import type { Socket } from 'node:net';

/** @param hasty call at the end of the head, not of the body */
export function readRequests(socket: Socket, hasty: boolean, onRequest: (nth: number, head: string) => void): void {
  let text = '';
  let bodyLeft = 0;
  let nth = 0;
  let head = '';
  socket.on('end', () => socket.end());
  socket.on('data', (bytes) => {
    let rest = bytes.toString('latin1');
    while (rest !== '' || text !== '') {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, rest.length);
        rest = rest.slice(taken);
        bodyLeft -= taken;
        if (bodyLeft > 0) return;
        if (!hasty) onRequest(nth, head);
        continue;
      }
      text += rest;
      rest = '';
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      head = text.slice(0, end);
      rest = text.slice(end + 4);
      text = '';
      nth++;
      bodyLeft = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
      if (hasty || bodyLeft === 0) onRequest(nth, head);
    }
  });
}
