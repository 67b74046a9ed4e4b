/** The embedded target: an HTTP and an HTTPS listener that never end a connection unasked, and count what reaches them. */
import { listen, type CountedListener, type ListenerCounts } from '../net/listener.js';
import { makeCertificate } from './certificate.js';
import { converse, Replies } from './conversation.js';

/** What the target saw, http and https apart. */
export interface TargetCounts {
  readonly http: ListenerCounts;
  readonly https: ListenerCounts;
}

export interface Target {
  readonly http: CountedListener;
  readonly https: CountedListener;
  /** The authority to trust for https, PEM. */
  readonly ca: string;
  counts(): TargetCounts;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Opens the target in this process, on free ports of the loopback address. TLS 1.3 and 1.2, with session tickets. */
export async function openTarget(): Promise<Target> {
  const { key, cert, ca } = await makeCertificate({ names: ['localhost', HOST] });
  const replies = new Replies();
  const onSocket: Parameters<typeof listen>[0]['onSocket'] = (socket, connection) => converse(socket, connection, replies);
  const http = await listen({ host: HOST, onSocket });
  const https = await listen({ host: HOST, onSocket, tls: { key, cert, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'] } });
  return {
    http,
    https,
    ca,
    counts: () => ({ http: http.counts(), https: https.counts() }),
    close: async () => void (await Promise.all([http.close(), https.close()])),
  };
}
