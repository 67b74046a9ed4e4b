/** The other load generators: how each is asked for the same load, and what it says of latency. Taken from PATH where they are. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

export interface Load {
  readonly url: string;
  readonly rate: number;
  readonly seconds: number;
  /** As many as keep the rate while the server is well: closed loops have no other way to a rate. */
  readonly connections: number;
}

/** In ms. */
export interface Said {
  readonly p50: number;
  readonly p99: number;
}

export interface Peer {
  readonly name: string;
  /** What decides when its requests leave. */
  readonly model: 'closed loop' | 'closed loop with a rate' | 'closed loop, counted from when it was due' | 'open loop';
  words(load: Load): readonly string[];
  read(output: string): Said;
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

export const peers: readonly Peer[] = [
  {
    name: 'wrk',
    model: 'closed loop',
    words: ({ url, seconds, connections }) => ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', url],
    read: (output) => {
      const quantile = (p: number): number => {
        const [, figure, unit = 'ms'] = new RegExp(`^\\s+${p}%\\s+([\\d.]+)(us|ms|s)$`, 'm').exec(output) ?? [];
        return Number(figure) * UNITS[unit]!;
      };
      return { p50: quantile(50), p99: quantile(99) };
    },
  },
  {
    name: 'ab',
    model: 'closed loop',
    words: ({ url, seconds, connections }) => ['ab', '-q', '-k', '-t', `${seconds}`, '-n', '10000000', '-c', `${connections}`, '-e', '/dev/stdout', url],
    read: (output) => ({ p50: after(output, /^50,([\d.]+)$/m), p99: after(output, /^99,([\d.]+)$/m) }),
  },
  {
    name: 'hey',
    model: 'closed loop with a rate',
    words: ({ url, rate, seconds, connections }) => ['hey', '-z', `${seconds}s`, '-c', `${connections}`, '-q', `${rate / connections}`, url],
    read: (output) => ({ p50: after(output, /50% in ([\d.]+) secs/) * 1000, p99: after(output, /99% in ([\d.]+) secs/) * 1000 }),
  },
  {
    name: 'h2load',
    model: 'closed loop with a rate',
    words: ({ url, rate, seconds, connections }) => ['h2load', '--h1', '-t1', `-c${connections}`, `-D${seconds}`, `--rps=${rate / connections}`, '--log-file=/dev/stdout', url],
    read: (output) => {
      const took = [...output.matchAll(/^\d+\t\d+\t(\d+)/gm)].map(([, us]) => Number(us) / 1000).sort((a, b) => a - b);
      return { p50: took[Math.ceil(took.length * 0.5) - 1]!, p99: took[Math.ceil(took.length * 0.99) - 1]! };
    },
  },
  {
    name: 'autocannon',
    model: 'closed loop with a rate',
    words: ({ url, rate, seconds, connections }) => ['autocannon', '-j', '-c', `${connections}`, '-R', `${rate}`, '-d', `${seconds}`, url],
    read: (output) => (JSON.parse(output) as { latency: Said }).latency,
  },
  {
    name: 'vegeta',
    model: 'open loop',
    words: ({ url, rate, seconds }) => ['sh', '-c', `echo GET ${url} | vegeta attack -rate ${rate} -duration ${seconds}s | vegeta report -type json`],
    read: (output) => {
      const { latencies } = JSON.parse(output) as { latencies: Record<string, number> };
      return { p50: latencies['50th']! / 1e6, p99: latencies['99th']! / 1e6 };
    },
  },
  {
    name: 'k6',
    model: 'open loop',
    words: ({ rate, seconds, url, connections }) => ['sh', '-c', `k6 run --quiet - <<'SCRIPT'
      import http from 'k6/http';
      export const options = {
        scenarios: { load: { executor: 'constant-arrival-rate', rate: ${rate}, timeUnit: '1s', duration: '${seconds}s', preAllocatedVUs: ${connections}, maxVUs: 2000 } },
        summaryTrendStats: ['med', 'p(99)'],
      };
      export default () => http.get('${url}');
      export const handleSummary = ({ metrics }) => ({ stdout: JSON.stringify(metrics.http_req_duration.values) });
SCRIPT`],
    read: (output) => {
      const values = JSON.parse(output) as Record<string, number>;
      return { p50: values.med!, p99: values['p(99)']! };
    },
  },
  {
    name: 'oha',
    model: 'closed loop, counted from when it was due',
    words: ({ url, rate, seconds, connections }) => ['oha', '--no-tui', '--output-format', 'json', '-z', `${seconds}s`, '-q', `${rate}`, '--latency-correction', '-c', `${4 * connections}`, url], // with as many as just keep the rate it would fall behind, and say so
    read: (output) => {
      const { latencyPercentiles } = JSON.parse(output) as { latencyPercentiles: Said };
      return { p50: latencyPercentiles.p50 * 1000, p99: latencyPercentiles.p99 * 1000 };
    },
  },
  {
    name: 'bombardier',
    model: 'closed loop with a rate',
    words: ({ url, rate, seconds, connections }) => ['bombardier', '-p', 'r', '-o', 'json', '-l', '-r', `${rate}`, '-c', `${connections}`, '-d', `${seconds}s`, url],
    read: (output) => {
      const { percentiles } = (JSON.parse(output) as { result: { latency: { percentiles: Record<string, number> } } }).result.latency;
      return { p50: percentiles['50']! / 1000, p99: percentiles['99']! / 1000 };
    },
  },
];

export const installed = peers.filter(({ name }) => spawnSync('which', [name]).status === 0);
export const missing = peers.filter((peer) => !installed.includes(peer)).map(({ name }) => name);

/** One run of a peer. @param wrap words before its command line @throws Error when there are no figures in what it wrote */
export async function runPeer(peer: Peer, load: Load, wrap: readonly string[] = []): Promise<Said> {
  // behind a pipe, since a program cannot open the socket that Node gives it as /dev/stdout
  const [command = '', ...words] = [...wrap, 'sh', '-c', '"$@" | cat', 'sh', ...peer.words(load)];
  const { stdout, stderr } = await promisify(execFile)(command, words, { maxBuffer: 1 << 28 });
  const said = peer.read(stdout);
  if (!Number.isFinite(said.p50 + said.p99)) throw new Error(`${peer.name} gave no figures: ${stdout.slice(-300)}${stderr}`);
  return said;
}

function after(output: string, pattern: RegExp): number {
  return Number(pattern.exec(output)?.[1]);
}
