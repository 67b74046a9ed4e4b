/** The plainest client there is, node:http(s) with an agent, which counts its own connections by their sockets. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket, type SecureVersion } from 'node:tls';

export interface ClientCounts {
  connections: number;
  requests: number;
  tlsFull: number;
  tlsResumed: number;
}

/** `fresh`: a connection each, never a session. `resumed`: a connection each, with the newest session. `reused`: one connection for all. */
export type Use = 'fresh' | 'resumed' | 'reused';

/** Sends requests one after another and says what the client's own sockets told. */
export async function send(url: string, requests: number, use: Use, ca?: string, tls?: SecureVersion): Promise<ClientCounts> {
  const secure = url.startsWith('https:');
  const keepAlive = use === 'reused';
  const agent = secure
    ? new HttpsAgent({ keepAlive, maxSockets: 1, maxCachedSessions: use === 'fresh' ? 0 : 100, ca, ...(tls && { minVersion: tls, maxVersion: tls }) })
    : new HttpAgent({ keepAlive, maxSockets: 1 });
  const sockets = new Set<Socket>();
  const counts = { connections: 0, requests: 0, tlsFull: 0, tlsResumed: 0 };
  for (let i = 0; i < requests; i++) {
    const { socket, resumed } = await exchange(url, agent);
    counts.requests++;
    if (sockets.has(socket)) continue;
    sockets.add(socket);
    counts.connections++;
    if (secure) counts[resumed ? 'tlsResumed' : 'tlsFull']++;
  }
  agent.destroy();
  return counts;
}

/** The handshake's kind is asked while the socket is open: a destroyed one has forgotten it. */
function exchange(url: string, agent: HttpAgent | HttpsAgent): Promise<{ socket: Socket; resumed: boolean }> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((done, fail) => {
    const sent = request(url, { agent }, (response) => {
      const { socket, statusCode } = response;
      const resumed = socket instanceof TLSSocket && socket.isSessionReused();
      response.resume();
      response.on('end', () => (statusCode === 200 ? done({ socket, resumed }) : fail(new Error(`the answer was ${statusCode}`))));
    });
    sent.on('error', fail);
    sent.end();
  });
}
