/** The other load generators: how each is asked for the same work, and how its figure is read. One entry a peer; those that are not installed are named. */
import { spawnSync } from 'node:child_process';
import { find, runOnLoadCore } from './process.mjs';

/** What a peer is asked for: `{ url, fresh, seconds }`, over 32 connections on one thread. */
export const CONNECTIONS = 32;
const C = String(CONNECTIONS);

// `words` is the command line, or null for work that the peer cannot do; `read` gives requests per second.
const peers = [
  {
    name: 'wrk',
    version: ['-v'],
    words: ({ url, fresh, seconds }) => ['-t1', `-c${C}`, `-d${seconds}s`, ...(fresh ? ['-H', 'Connection: close'] : []), url],
    read: after(/Requests\/sec:\s+([\d.]+)/),
  },
  {
    name: 'ab',
    version: ['-V'],
    words: ({ url, fresh, seconds }) => ['-q', '-t', `${seconds}`, '-n', '3000000', '-c', C, ...(fresh ? [] : ['-k']), ...(url.startsWith('https') ? ['-f', 'TLS1.3'] : []), url],
    read: after(/Requests per second:\s+([\d.]+)/),
  },
  {
    name: 'autocannon',
    version: ['--version'],
    words: ({ url, fresh, seconds }) => ['-j', '-c', C, '-d', `${seconds}`, '-W', '[', '-c', C, '-d', '1', ...(fresh ? ['-D', '1'] : []), ']', ...(fresh ? ['-D', '1'] : []), url],
    read: (output, { fresh }) => {
      const { requests, duration } = JSON.parse(output.trim().split('\n').at(-1));
      return (fresh ? requests.sent : requests.total) / duration; // with -D 1 it counts no response
    },
  },
  {
    name: 'hey',
    words: ({ url, fresh, seconds }) => ['-cpus', '1', '-z', `${seconds}s`, '-c', C, ...(fresh ? ['-disable-keepalive'] : []), url],
    read: after(/Requests\/sec:\s+([\d.]+)/),
  },
  {
    name: 'h2load',
    version: ['--version'],
    words: ({ url, fresh, seconds }) => (fresh ? null : ['--h1', '-t1', `-c${C}`, `-D${seconds}`, url]),
    read: after(/finished in [^,]+, ([\d.]+) req\/s/),
  },
  {
    name: 'vegeta',
    version: ['--version'],
    words: ({ fresh, seconds }) => ['attack', '-rate', '0', '-max-workers', C, '-connections', C, '-duration', `${seconds}s`, '-insecure', ...(fresh ? ['-keepalive=false'] : [])],
    input: ({ url }) => `GET ${url}\n`,
    then: ['report', '-type', 'json'],
    read: (output) => JSON.parse(output).throughput,
  },
  {
    name: 'oha',
    version: ['--version'],
    words: ({ url, fresh, seconds }) => ['--no-tui', '--insecure', '-z', `${seconds}s`, '-c', C, ...(fresh ? ['--disable-keepalive'] : []), url],
    read: after(/Requests\/sec:\s+([\d.]+)/),
  },
  {
    name: 'k6',
    version: ['version'],
    words: ({ seconds }) => ['run', '--quiet', '--vus', C, '--duration', `${seconds}s`, '-'],
    input: ({ url, fresh }) => `
      import http from 'k6/http';
      export const options = { noConnectionReuse: ${fresh}, insecureSkipTLSVerify: true };
      export default () => http.get('${url}');
      export const handleSummary = ({ metrics }) => ({ stdout: 'rate ' + metrics.http_reqs.values.rate });`,
    read: after(/rate ([\d.]+)/),
  },
  {
    name: 'fortio',
    version: ['version'],
    words: ({ url, fresh, seconds }) => ['load', '-quiet', '-json', '-', '-k', '-qps', '0', '-c', C, '-t', `${seconds}s`, ...(fresh ? ['-keepalive=false'] : []), url],
    read: after(/"ActualQPS":\s*([\d.]+)/),
  },
  {
    name: 'bombardier',
    version: ['--version'],
    words: ({ url, fresh, seconds }) => ['-k', '-p', 'r', '-o', 'json', '-c', C, '-d', `${seconds}s`, ...(fresh ? ['-H', 'Connection: close'] : []), url],
    read: (output) => {
      const { req2xx, timeTakenSeconds } = JSON.parse(output).result;
      return req2xx / timeTakenSeconds;
    },
  },
];

export const installed = peers.filter(({ name }) => find(name) !== undefined);
export const missing = peers.filter((peer) => !installed.includes(peer)).map(({ name }) => name);

/** What a peer says of its own version, or its name alone. */
export function versionOf({ name, version }) {
  if (version === undefined) return name;
  const { stdout, stderr } = spawnSync(name, version, { encoding: 'utf8' });
  return `${name} ${/\d+\.\d+(\.\d+)?/.exec(`${stdout}${stderr}`)?.[0] ?? ''}`.trim();
}

/** One run of a peer. @returns requests per second and processor time a request, or what went wrong */
export async function runPeer(peer, work) {
  const words = [peer.name, ...peer.words(work)];
  const program = peer.then === undefined ? words : ['sh', '-c', `"$@" | ${[peer.name, ...peer.then].join(' ')}`, 'sh', ...words];
  const { output, complaint, code, cpuSeconds } = await runOnLoadCore(program, { input: peer.input?.(work) ?? '' });
  try {
    const perSecond = peer.read(output, work);
    if (perSecond > 0) return { perSecond, cpuUs: (cpuSeconds / (perSecond * work.seconds)) * 1e6, output };
  } catch {} // no figure in its output: said below
  return { problem: complaint.trim().split('\n').at(-1) || `no figure in its output (exit code ${code})` };
}

function after(pattern) {
  return (output) => Number(pattern.exec(output)?.[1]);
}
