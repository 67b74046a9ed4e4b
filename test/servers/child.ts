/** Servers in processes of their own. Each ends when its standard input does, so that none outlives the test, however that one dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { makeCertificate } from '../../src/demo/certificate.js';
import { count, type WitnessedConnection, type WitnessServer } from './witness.js';

/**
 * A server that converses in lines of JSON: it is told its key and certificate, says its ports, and answers every further line with its
 * connections.
 */
export async function startTalking(command: string, args: readonly string[]): Promise<WitnessServer> {
  const { ca, ...certificate } = await makeCertificate({ names: ['localhost', '127.0.0.1'] });
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'close');
  const ask = async <T>(question: unknown): Promise<T> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args.join(' ')} ended early`);
    return JSON.parse(value) as T;
  };
  const ports = await ask<{ http: number; https: number }>(certificate);
  return {
    url: `http://127.0.0.1:${ports.http}/`,
    httpsUrl: `https://127.0.0.1:${ports.https}/`,
    ca,
    counts: async ({ scheme } = {}) => count(await ask<WitnessedConnection[]>('connections?'), scheme),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** A server that takes no notice of its standard input: a shell watches it instead. Ends with SIGTERM. */
export function spawnWatched(command: string, args: readonly string[]): ChildProcess {
  const watch = '"$@" & server=$!; exec 3<&0; (cat <&3 >/dev/null; kill $server) & wait $server';
  return spawn('sh', ['-c', watch, 'sh', command, ...args], { stdio: ['pipe', 'ignore', 'ignore'] });
}

/** Ends a server that `spawnWatched` started. */
export async function stopWatched(child: ChildProcess): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.stdin?.end();
  await ended;
}
