/** Plays raw responses to Node's own client, whose parser is llhttp, and says what that makes of them. */
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { MAX_HEAD_BYTES } from '../../../../src/clients/wire/head.js';
import type { RawResponse } from './response.js';

/** A server that answers `GET /n` with the nth response, byte for byte. */
export async function playing(responses: readonly RawResponse[]): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {}); // the client hangs up on what it refuses
    socket.once('data', (asked) => {
      const response = responses[Number(/ \/(\d+) /.exec(asked.toString('latin1'))?.[1])] as RawResponse;
      socket.write(response.raw, 'latin1');
      if (response.eof) socket.end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

/** `rejects`, or `status, body bytes, kept or closes`. */
export async function askNode(server: Server, index: number, isHead: boolean): Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let socket: Socket | undefined;
  const words = await new Promise<string>((tell) => {
    const { port } = server.address() as AddressInfo;
    const method = isHead ? 'HEAD' : 'GET';
    const asking = request({ host: '127.0.0.1', port, path: `/${index}`, method, agent, maxHeaderSize: MAX_HEAD_BYTES, insecureHTTPParser: false });
    asking.on('socket', (taken) => (socket = taken));
    let answered = false;
    let freed = false;
    agent.on('free', () => (freed = true));
    asking.on('error', () => answered || tell('rejects')); // behind a complete response it is about what follows
    asking.on('upgrade', () => tell('101, upgraded'));
    asking.on('response', (response) => {
      answered = true;
      let bytes = 0;
      response.on('data', (data: Buffer) => (bytes += data.length));
      response.on('error', () => tell('rejects'));
      const inWords = (): string => `${response.statusCode}, ${bytes} bytes, ${freed && !socket?.destroyed ? 'kept' : 'closes'}`;
      response.on('close', () => setImmediate(() => tell(response.complete ? inWords() : 'rejects')));
    });
    asking.end();
  });
  socket?.destroy();
  agent.destroy();
  return words;
}
