/** The same server, rate and duration for us and for the others, beside the truth. Only ours is judged; what the others say is recorded. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Result } from '../../src/result/schema.js';
import { folder, sameconn, WENT_THROUGH } from '../end-to-end/cli.js';
import { installed, missing, runPeer, type Load, type Said } from './peers.js';
import { record, SHORT } from './record.js';

const SECONDS = 20;

interface Server {
  readonly url: string;
  /** What the server held its requests for since it was asked last, by its own clock, in ms. */
  held(): Promise<Said>;
}

interface Hold {
  readonly baseMs: number;
  readonly stall?: { readonly forMs: number; readonly everyMs: number };
}

const CASES: readonly { readonly name: string; readonly rate: number; readonly hold: Hold; readonly bar: string; met(said: Said, truth: Said): boolean }[] = [
  {
    name: 'constant 50 ms at 200/s',
    rate: 200,
    hold: { baseMs: 50 },
    bar: 'p50 and p99 within 1 ms',
    met: (said, truth) => Math.abs(said.p50 - truth.p50) <= 1 && Math.abs(said.p99 - truth.p99) <= 1,
  },
  {
    name: `10 ms with one stall of 1 s in ${SECONDS} s, at 1,000/s`,
    rate: 1000,
    hold: { baseMs: 10, stall: { forMs: 1000, everyMs: SECONDS * 1000 } },
    bar: 'p99 within 5 %',
    met: (said, truth) => Math.abs(said.p99 / truth.p99 - 1) <= 0.05,
  },
];

// Every tool has the time that the case takes: the short form leaves it to the full one.
test.skipIf(SHORT).each(CASES)('ours is the truth, whatever the others say: $name', async ({ name, rate, hold, bar, met }) => {
  if (missing.length > 0) console.log(`not installed: ${missing.join(', ')}`);
  const connections = (rate * hold.baseMs) / 1000;
  for (const peer of installed) {
    await withServer(hold, async ({ url, held }) => {
      const said = await runPeer(peer, { url, rate, seconds: SECONDS, connections });
      const truth = truthOf(hold, await held());
      record({ experiment: 'E14', case: `${name}: ${peer.name} (${peer.model})`, measured: against(said, truth) });
    });
  }
  await withServer(hold, async ({ url, held }) => {
    const said = await ours({ url, rate, seconds: SECONDS, connections });
    const truth = truthOf(hold, await held());
    record({ experiment: 'E14', case: `${name}: sameconn (open loop)`, bar, measured: against(said, truth), met: met(said, truth) });
    expect(met(said, truth)).toBe(true);
  });
}, 600_000);

/** Constant: the server's own clock. Stalled for D in every P: Q(p) = b + max(0, D − P (1 − p)), which closed loops evade by sending less meanwhile. */
function truthOf({ baseMs, stall }: Hold, held: Said): Said {
  if (stall === undefined) return held;
  const quantile = (p: number): number => baseMs + Math.max(0, stall.forMs - stall.everyMs * (1 - p));
  return { p50: quantile(0.5), p99: quantile(0.99) };
}

async function ours({ url, rate, seconds }: Load): Promise<Said> {
  const words = ['--arm', 'reused', '--pacer', 'constant', '--rate', `${rate}/s`, '--duration', `${seconds}s`, '--warmup', '0s', '--blocks', '1', '--connections', '2000', '--max-in-flight', '5000'];
  const { code, stdout, stderr } = await sameconn('run', url, ...words, '--workers', '1', '--json', '--quiet', '--out', folder());
  if (!WENT_THROUGH.includes(code)) throw new Error(stderr);
  return (JSON.parse(stdout) as Result).arms[0]!.totals.latencyMs.response;
}

function against(said: Said, truth: Said): string {
  const one = (what: keyof Said): string => `${what} ${said[what].toFixed(1)} ms, truth ${truth[what].toFixed(1)} (${percent(said[what] / truth[what] - 1)})`;
  return `${one('p50')}; ${one('p99')}`;
}

function percent(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
}

/** The server has a process of its own, which ends with this one. */
async function withServer<T>(hold: Hold, use: (server: Server) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./held-server.mjs', import.meta.url)), JSON.stringify(hold)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string);
  try {
    const url = `http://127.0.0.1:${(await line()) as number}/`;
    return await use({
      url,
      held: () => {
        child.stdin.write('\n');
        return line() as Promise<Said>;
      },
    });
  } finally {
    child.stdin.end();
  }
}
