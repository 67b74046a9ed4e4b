import { connect } from 'node:net';

/** How long the server's answer is, learnt once: a bare loop that parses nothing needs to know when it has it all. The head's length does not change. */
export function responseBytes({ address, port }, request) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, address, () => socket.write(request));
    socket.on('error', reject).on('data', (bytes) => {
      text += bytes.toString('latin1');
      const head = text.indexOf('\r\n\r\n') + 4;
      if (head < 4 || text.length < head + Number(/content-length: (\d+)/i.exec(text)[1])) return;
      socket.destroy();
      resolve(text.length);
    });
  });
}
