/** The truth server: takes as long as it is told, and says how long each exchange took, from the wire to the wire. Linux, compiled when the source has changed. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Ns } from '../../../src/define.js';

/** How long answers take in a round. Instants count from the beginning of the round. */
export interface Profile {
  /** In turn, over the whole run; none: at once. */
  readonly delaysNs?: readonly Ns[];
  /** What arrives in between is kept until the end, and takes its time only then. */
  readonly gatesNs?: readonly (readonly [from: Ns, to: Ns])[];
  /** So much longer for every second of the round. */
  readonly rampNsPerS?: Ns;
  /** One at a time, each for so long: 1e9/turn is the capacity per second. */
  readonly turnNs?: Ns;
}

/** One exchange, as the server's kernel saw it: from the packet of its last byte in to its first byte out. */
export interface Served {
  /** Index of the round; −1: the preflight. */
  readonly round: number;
  readonly receivedNs: Ns;
  readonly tookNs: Ns;
}

export interface Truth {
  readonly url: string;
  readonly pid: number;
  served(): Promise<Served[]>;
}

export interface TruthOptions {
  /** The profile of each round in turn; default: the first for all. */
  readonly order?: readonly number[];
  readonly backlog?: number;
  /** Words before the command line, that run it somewhere else. */
  readonly wrap?: readonly string[];
}

/** What this machine lacks for a truth server, as a sentence; undefined when it has everything. */
export function lacking(): string | undefined {
  if (process.platform !== 'linux') return 'the truth server needs Linux';
  return spawnSync('cc', ['--version']).status === 0 ? undefined : 'there is no C compiler on this machine (apt-get install gcc libc6-dev)';
}

/** Starts a truth server, which goes with the test, or with the file when `keep` is told how to end it. */
export async function startTruth(profiles: readonly Profile[], { order = [], backlog = 4096, wrap = [] }: TruthOptions = {}, keep: (stop: () => Promise<void>) => void = onTestFinished): Promise<Truth> {
  const [command = '', ...words] = [...wrap, build()];
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  keep(async () => {
    child.stdin.end();
    child.kill('SIGCONT');
    await ended;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the truth server ended early');
    return value as string;
  };
  child.stdin.write([...profiles.flatMap(told), ...(order.length > 0 ? [`order ${order.join(' ')}`] : []), `listen ${backlog}`, ''].join('\n'));
  const port = await nextLine();
  return {
    url: `http://127.0.0.1:${port}/`,
    pid: child.pid ?? 0,
    async served() {
      child.stdin.write('log\n');
      const exchanges: Served[] = [];
      for (let left = Number(await nextLine()); left > 0; left--) {
        const [round = NaN, receivedNs = NaN, sentNs = NaN] = (await nextLine()).split(' ').map(Number);
        exchanges.push({ round: round - 1, receivedNs, tookNs: sentNs - receivedNs });
      }
      return exchanges;
    },
  };
}

function told({ delaysNs = [], gatesNs = [], rampNsPerS = 0, turnNs = 0 }: Profile): string[] {
  const whole = (values: readonly Ns[]): string => values.map(Math.round).join(' ');
  return [
    'profile',
    ...(delaysNs.length > 0 ? [`delays ${whole(delaysNs)}`] : []),
    ...gatesNs.map((gate) => `gate ${whole(gate)}`),
    `ramp ${whole([rampNsPerS])}`,
    `turn ${whole([turnNs])}`,
  ];
}

const SOURCE = fileURLToPath(new URL('./truth.c', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../../output/', import.meta.url));

/** Several may build at once: each moves its own finished file into place. */
function build(): string {
  const binary = `${OUTPUT}truth-${createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 12)}`;
  if (existsSync(binary)) return binary;
  mkdirSync(OUTPUT, { recursive: true });
  const mine = `${binary}.${process.pid}`;
  execFileSync('cc', ['-O2', '-o', mine, SOURCE]);
  renameSync(mine, binary);
  return binary;
}
