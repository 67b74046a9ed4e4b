/** A watch that ends with its test, and clients so plain that every byte is the test's. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { answerTo, USUAL } from '../../src/watch/answers.js';
import type { Watch, WatchOptions } from '../../src/watch/watch.js';
import { startWatch } from '../../src/watch/watch.js';

/** Watches on a free port; answers itself unless told otherwise. */
export async function watching(options: Partial<WatchOptions> = {}): Promise<Watch & { readonly port: number }> {
  const watch = await startWatch({ host: '127.0.0.1', port: 0, tls: null, answer: { by: 'sink', with: (head) => answerTo(head, USUAL) }, ...options });
  onTestFinished(() => watch.close());
  return { ...watch, port: Number(new URL(watch.url).port) };
}

export interface Wire {
  readonly socket: Socket;
  /** What came so far. */
  heard(): string;
  /** Resolves when the text has come. */
  hears(text: string): Promise<void>;
  /** Resolves when the other side has closed, however. */
  readonly closed: Promise<void>;
}

export async function wire(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  onTestFinished(() => void socket.destroy());
  let heard = '';
  const closed = new Promise<void>((done) => socket.on('close', () => done()));
  socket.on('error', () => {}).on('data', (bytes) => void (heard += bytes.toString('latin1')));
  await once(socket, 'connect');
  return {
    socket,
    closed,
    heard: () => heard,
    hears: async (text) => {
      while (!heard.includes(text)) await Promise.race([once(socket, 'data'), closed.then(() => Promise.reject(new Error(`closed after: ${heard}`)))]);
    },
  };
}

export const get = (path = '/', ...fields: string[]): string => [`GET ${path} HTTP/1.1`, 'Host: a.test', ...fields, '', ''].join('\r\n');

/** Waits until something is so; the test's own time limit is the only one. */
export async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((turn) => setTimeout(turn, 5));
}
