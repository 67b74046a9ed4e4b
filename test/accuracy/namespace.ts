/** A network namespace with nothing but its loopback: its ports and counters are nobody else's. Linux, as root. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface Namespace {
  /** Words before a command line, that run it in there. */
  readonly wrap: readonly string[];
  /** Sets one of its own settings: `net/ipv4/ip_local_port_range`. */
  set(setting: string, value: string): void;
}

export function whyNoNamespace(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  return ['unshare', 'nsenter', 'ip'].every((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0) && spawnSync('unshare', ['--net', 'true']).status === 0
    ? undefined
    : 'network namespaces need root, unshare, nsenter and ip (apt-get install util-linux iproute2)';
}

/** It goes with the test, or when `keep` is told to end it. */
export async function namespace(keep: (stop: () => Promise<void>) => void = onTestFinished): Promise<Namespace> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && echo ready && exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  keep(async () => {
    const ended = once(holder, 'close');
    holder.stdin.end();
    await ended;
  });
  await once(holder.stdout, 'data');
  const wrap = ['nsenter', `--net=/proc/${holder.pid}/ns/net`, '--'];
  const [command = '', ...words] = wrap;
  return { wrap, set: (setting, value) => void execFileSync(command, [...words, 'sh', '-c', `echo '${value}' > /proc/sys/${setting}`]) };
}
