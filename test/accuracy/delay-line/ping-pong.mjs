// One byte to and fro over TCP. `serve ADDRESS` says its port; `ask ADDRESS PORT TIMES` says how long each round trip took, in ms. Both end with their input.
import { connect, createServer } from 'node:net';

const [what, address, port, times] = process.argv.slice(2);
process.stdin.on('end', () => process.exit()).resume();
if (what === 'serve') {
  const server = createServer({ noDelay: true }, (socket) => socket.on('error', () => {}).pipe(socket));
  server.listen(0, address, () => console.log(server.address().port));
} else {
  const tookMs = [];
  const socket = connect({ host: address, port: Number(port), noDelay: true });
  let at = 0;
  const ask = () => {
    at = performance.now();
    socket.write('?');
  };
  socket.on('connect', ask).on('data', () => {
    tookMs.push(performance.now() - at);
    if (tookMs.length < Number(times)) return setTimeout(ask, 2);
    console.log(JSON.stringify(tookMs));
    process.exit();
  });
}
