/** What every member of the zoo is: a server that does one thing wrong, or at least unusual, and says in a sentence which. */
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { Endpoint } from '../../../src/net/endpoint.js';
import { listen, type ListenerCounts } from '../../../src/net/listener.js';
import { readRequests } from './reading.js';

export interface Member {
  readonly kind: string;
  readonly summary: string;
  start(): Promise<ZooServer>;
}

export interface ZooServer {
  readonly endpoint: Endpoint;
  counts(): ListenerCounts;
  /** Requests that each connection brought, in the order of their beginning. */
  perConnection(): readonly number[];
  stop(): Promise<void>;
}

/** One request as a member meets it. */
export interface Visit {
  readonly socket: Socket;
  /** Which request of its connection, from 1. */
  readonly nth: number;
  readonly head: string;
}

export interface Habits {
  /** Speaks TLS with this certificate and these settings. */
  readonly tls?: () => Promise<{ readonly ca: string; readonly server: TlsOptions }>;
  /** A plain listener behind an https endpoint: what it says in place of a handshake is its own affair. */
  readonly pretendsTls?: boolean;
  /** Instead of reading requests. */
  readonly arrives?: (socket: Socket) => void;
  /** Called for each request once all of it is there; keeps the connection unless it ends it. */
  readonly answers?: (visit: Visit) => void;
  /** Answers as soon as the head is there, and reads the body later. */
  readonly hasty?: boolean;
}

export function member(kind: string, summary: string, habits: Habits): Member {
  return { kind, summary, start: () => start(habits) };
}

async function start({ tls, pretendsTls = false, arrives, answers = answer, hasty = false }: Habits): Promise<ZooServer> {
  const secrets = await tls?.();
  const { port, counts, perConnection, close } = await listen({
    ...(secrets && { tls: secrets.server }),
    onSocket: (socket, { countRequest }) => {
      socket.setNoDelay(true);
      if (arrives !== undefined) return arrives(socket);
      readRequests(socket, hasty, (nth, head) => {
        countRequest();
        answers({ socket, nth, head });
      });
    },
  });
  return { endpoint: endpointAt(port, secrets?.ca ?? (pretendsTls ? 'none' : undefined)), counts, perConnection, stop: close };
}

/** @param ca the authority to trust; 'none' for https that trusts nobody; undefined for http */
export function endpointAt(port: number, ca?: string): Endpoint {
  return {
    secure: ca !== undefined,
    address: '127.0.0.1',
    family: 4,
    port,
    socketPath: '',
    authority: `localhost:${port}`,
    servername: ca === undefined ? '' : 'localhost',
    tls: {
      ca: ca === undefined || ca === 'none' ? '' : ca,
      insecure: false,
      servername: '',
      cert: '',
      key: '',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: '',
      ecdhCurve: '',
    },
    localAddress: [],
  };
}

/** `HTTP/1.1 200 OK` with a body of known length, and whatever fields besides. */
export function ok(...fields: string[]): string {
  return response('HTTP/1.1 200 OK', ...fields);
}

export function response(statusLine: string, ...fields: string[]): string {
  return [statusLine, 'Content-Length: 6', ...fields, '', 'hello\n'].join('\r\n');
}

/** What a well-behaved server does: keeps the connection until it is asked to close it. */
export function answer({ socket, head }: Visit): void {
  if (/^connection: close$/im.test(head)) socket.end(ok('Connection: close'));
  else socket.write(ok());
}

/** After this many ms, and after every reader in this process has had its turn: nothing sent before can arrive together with what is sent then. */
export function later(ms: number, act: () => void): void {
  setTimeout(() => setImmediate(() => setImmediate(act)), ms);
}
