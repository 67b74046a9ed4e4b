/** The same server, rate and duration for us and for the others, beside the truth. Only ours is judged; what the others say is recorded. */
import { expect, test } from 'vitest';
import type { Result } from '../../src/result/schema.js';
import { folder, start, WENT_THROUGH } from '../end-to-end/cli.js';
import { FIRST, quantileOf } from './measure.js';
import { installed, missing, runPeer, type Load, type Said } from './peers.js';
import { record, SHORT } from './record.js';
import { lacking, startTruth, type Profile, type Served } from './truth/index.js';

const SECONDS = 20;
const STALL_MS = 1000;

interface Case {
  readonly name: string;
  readonly rate: number;
  readonly holdMs: number;
  readonly profile: Profile;
  /** By what the server noted; a stall, which closed loops evade by sending less meanwhile, by what it was told. */
  truth(served: readonly Served[]): Said;
  readonly bar: string;
  met(said: Said, truth: Said): boolean;
}

const CASES: readonly Case[] = [
  {
    name: 'constant 50 ms at 200/s',
    rate: 200,
    holdMs: 50,
    profile: { delaysNs: [50e6] },
    truth: noted,
    bar: 'p50 within 1 ms', // at p99 it is the machine that is compared, a run's with another's: E1 holds that, request by request
    met: (said, truth) => Math.abs(said.p50 - truth.p50) <= 1,
  },
  {
    name: `10 ms with one stall of 1 s in ${SECONDS} s, at 1,000/s`,
    rate: 1000,
    holdMs: 10,
    profile: { delaysNs: [10e6], gatesNs: [[(SECONDS / 2) * 1e9, (SECONDS / 2) * 1e9 + STALL_MS * 1e6]] },
    truth: () => ({ p50: 10, p99: 10 + STALL_MS - SECONDS * 1000 * (1 - 0.99) }), // Q(p) = b + max(0, D − P (1 − p))
    bar: 'p99 within 5 %',
    met: (said, truth) => Math.abs(said.p99 / truth.p99 - 1) <= 0.05,
  },
];

// Every tool has the time that the case takes: the short form leaves it to the full one.
test.skipIf(SHORT || lacking() !== undefined).each(CASES)('ours is the truth, whatever the others say: $name', async ({ name, rate, holdMs, profile, truth, bar, met }) => {
  if (missing.length > 0) console.log(`not installed: ${missing.join(', ')}`);
  const run = async (say: (load: Load) => Promise<Said>): Promise<{ said: Said; true: Said }> => {
    const { url, served } = await startTruth([profile]);
    const said = await say({ url, rate, seconds: SECONDS, connections: (rate * holdMs) / 1000 });
    return { said, true: truth((await served()).filter(({ round }) => round >= 0)) };
  };
  for (const peer of installed) {
    const told = await run((load) => runPeer(peer, load, FIRST));
    record({ experiment: 'E14', case: `${name}: ${peer.name} (${peer.model})`, measured: against(told.said, told.true) });
  }
  const told = await run(ours);
  record({ experiment: 'E14', case: `${name}: sameconn (open loop)`, bar, measured: against(told.said, told.true), met: met(told.said, told.true) });
  expect(met(told.said, told.true)).toBe(true);
}, 600_000);

function noted(served: readonly Served[]): Said {
  const tookMs = served.map(({ tookNs }) => tookNs / 1e6).sort((a, b) => a - b);
  return { p50: quantileOf(tookMs, 0.5), p99: quantileOf(tookMs, 0.99) };
}

async function ours({ url, rate, seconds }: Load): Promise<Said> {
  const words = ['--arm', 'reused', '--pacer', 'constant', '--rate', `${rate}/s`, '--duration', `${seconds}s`, '--warmup', '0s', '--blocks', '1', '--connections', '2000', '--max-in-flight', '5000'];
  const { code, stdout, stderr } = await start(['run', url, ...words, '--workers', '1', '--json', '--quiet', '--out', folder()], {}, FIRST).ended;
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
