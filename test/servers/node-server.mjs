// Node's own http and https servers, told to keep connections open; remembers every connection. Converses as child.ts says.
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const certificate = JSON.parse((await lines.next()).value);
const patience = { keepAliveTimeout: Number(process.argv[2] ?? 0), requestTimeout: 0, headersTimeout: 0, noDelay: true };
const connections = [];

const http = createHttpServer(patience, answer);
const https = createHttpsServer({ ...certificate, ...patience }, answer);
http.on('connection', (socket) => remember(socket, 'http', false));
https.on('secureConnection', (socket) => remember(socket, 'https', socket.isSessionReused()));

for (const server of [http, https]) await once(server.listen(0, '127.0.0.1', 4096), 'listening');
tell({ http: http.address().port, https: https.address().port });
for await (const _question of lines) tell(connections);
process.exit();

function remember(socket, scheme, resumed) {
  connections.push((socket.remembered = { scheme, requests: 0, resumed }));
}

function answer(request, response) {
  request.socket.remembered.requests++;
  request.resume();
  const reply = () => response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 12 }).end('hello world\n');
  if (request.url === '/slow') setTimeout(reply, 200);
  else reply();
}

function tell(words) {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}
