/** Two network namespaces a fixed round-trip time apart: what a distant server is to a client, without a network. Linux, as root. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// 198.18.0.0/15 is set aside for such benches (RFC 2544).
const NEAR = '198.18.0.1';
const FAR = '198.18.0.2';
const FIRST = ['chrt', '--rr', '1'];
const SOURCE = fileURLToPath(new URL('./delay-line.c', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../../output/', import.meta.url));

/** Runs `use` with a delay line, which is gone when it returns, however it does. See index.d.mts. */
export async function withDelayLine(rttMs, use, { exact = false } = {}) {
  const missing = lacking();
  if (missing !== undefined) throw new Error(missing);
  const child = spawn(build(), [NEAR, FAR, exact ? `${availableParallelism()}` : '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (question) => {
      if (question !== undefined) child.stdin.write(`${question}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('the delay line ended early');
      return JSON.parse(value);
    };
    const files = await ask();
    const line = {
      setRtt: async (ms) => void (await ask(`delay ${Math.round((ms * 1e6) / 2)}`)),
      counts: () => ask('counts'),
      exchanges: () => ask('exchanges'),
    };
    await line.setRtt(rttMs);
    const before = exact && spawnSync(FIRST[0], [...FIRST.slice(1), 'true']).status === 0 ? FIRST : [];
    return await use({ near: end(NEAR, files.near, before), far: end(FAR, files.far, before), line });
  } finally {
    child.stdin.end();
    await ended;
  }
}

/** What this machine lacks for a delay line, or undefined. */
export function lacking() {
  if (process.platform !== 'linux') return 'a delay line needs Linux';
  if (process.getuid() !== 0) return 'a delay line needs root';
  if (!existsSync('/dev/net/tun')) return 'a delay line needs /dev/net/tun';
  if (spawnSync('cc', ['--version']).status !== 0) return 'there is no C compiler on this machine (apt-get install gcc libc6-dev)';
  if (spawnSync('nsenter', ['--version']).status !== 0) return 'there is no nsenter on this machine (apt-get install util-linux)';
  if (spawnSync('unshare', ['--net', 'true']).status !== 0) return 'network namespaces are not allowed here';
  return undefined;
}

function end(address, file, before) {
  const words = (...command) => ['nsenter', `--net=${file}`, '--', ...before, ...command];
  return {
    address,
    words,
    start: (command, args = [], options = {}) => {
      const [first, ...rest] = words(command, ...args);
      return spawn(first, rest, options);
    },
    kernelCounts: () => kernelCounts(execFileSync('nsenter', [`--net=${file}`, '--', 'cat', '/proc/net/snmp', '/proc/net/netstat'], { encoding: 'utf8' })),
  };
}

/** The kernel's tables come in pairs of lines: names, then figures. */
function kernelCounts(text) {
  const counts = {};
  const lines = text.trim().split('\n').map((line) => line.split(' '));
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const group = lines[i][0].slice(0, -1);
    lines[i].forEach((name, column) => column > 0 && (counts[`${group}${name}`] = Number(lines[i + 1][column])));
  }
  return counts;
}

/** Compiled when the source has changed. Several may build at once: each moves its own finished file into place. */
function build() {
  const binary = `${OUTPUT}delay-line-${createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 12)}`;
  if (existsSync(binary)) return binary;
  mkdirSync(OUTPUT, { recursive: true });
  const mine = `${binary}.${process.pid}`;
  execFileSync('cc', ['-O2', '-o', mine, SOURCE]);
  renameSync(mine, binary);
  return binary;
}
