import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Result } from '../../../src/result/schema.js';
import { folder, start, type Running } from '../../end-to-end/cli.js';

/** Something that goes wrong, and the gates that must say so. */
export interface Provocation {
  readonly what: string;
  /** By its id, the least that a gate must say. */
  readonly gates: Readonly<Record<`G${number}`, 'warn' | 'fail'>>;
  /** In the short form too: sure to work on a busy host, and within seconds. */
  readonly quick?: true;
  /** What this machine lacks for it, as a sentence. */
  lacking?(): string | undefined;
  provoke(): Promise<Result>;
}

export interface Begun extends Running {
  /** Resolves when the first round is over: its threads are loaded, and the second round begins within a quarter of a second. */
  firstRound(): Promise<void>;
  result(): Promise<Result>;
}

/** Starts a run whose pacing leaves the target, which lives on the same cores, room; later words win over the usual ones. */
export function begin(url: string, words: readonly string[], { env, wrap }: { readonly env?: NodeJS.ProcessEnv; readonly wrap?: readonly string[] } = {}): Begun {
  const out = folder();
  const running = start(['run', url, '--warmup', '50ms', '--workers', '1', '--json', '--quiet', '--name', 'r', '--out', out, ...words], env, wrap);
  let over = false;
  void running.ended.then(() => (over = true));
  return {
    ...running,
    async firstRound() {
      const journal = join(out, 'r.ndjson');
      while (!over && !(existsSync(journal) && readFileSync(journal, 'utf8').includes('\n{"type":"round"'))) await sleep(5);
    },
    async result() {
      const { code, stdout, stderr } = await running.ended;
      if (code !== 0 && code !== 3) throw new Error(`sameconn ended with ${code}: ${stderr}`);
      const result = JSON.parse(stdout) as Result;
      if ((code === 3) !== (result.verdict.state === 'untrustworthy')) throw new Error(`exit code ${code} of a run that is ${result.verdict.state}`);
      return result;
    },
  };
}

export function run(...given: Parameters<typeof begin>): Promise<Result> {
  return begin(...given).result();
}

/** A target in this process that answers as told; `n` counts its requests, `nth` those of the connection, both from 0. */
export async function target(answer: (response: ServerResponse, n: number, nth: number) => void): Promise<string> {
  let n = 0;
  const carried = new WeakMap<object, number>();
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const nth = carried.get(request.socket) ?? 0;
    carried.set(request.socket, nth + 1);
    answer(response, n++, nth);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
