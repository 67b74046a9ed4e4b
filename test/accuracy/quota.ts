/** A control group with a CPU quota, as a container's limit makes one. Linux, as root. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const PERIOD_US = 100_000;
/** Version 1 where it is there, since it has the controller then; else version 2. */
const V1 = '/sys/fs/cgroup/cpu';
const V2 = '/sys/fs/cgroup';

/** Words before a command line, that run it under a quota of so many cores. The group goes with the test. */
export function quota(cores: number): readonly string[] {
  const group = made(cores);
  onTestFinished(() => ended(group));
  return ['sh', '-c', 'echo $$ > "$0"/cgroup.procs && exec "$@"', group];
}

/** Why a quota cannot be had on this machine, or undefined. */
export function whyNoQuota(): string | undefined {
  if (process.platform !== 'linux') return 'CPU quotas need Linux';
  try {
    const group = made(1);
    try {
      execFileSync('sh', ['-c', 'echo $$ > "$0"/cgroup.procs', group], { stdio: 'ignore' });
    } finally {
      rmdirSync(group);
    }
    return undefined;
  } catch {
    return 'CPU quotas need root and a control group hierarchy that may be written';
  }
}

let groups = 0;

function made(cores: number): string {
  const isV1 = existsSync(join(V1, 'cpu.cfs_quota_us')) || existsSync(join(V1, 'cpu.stat'));
  if (!isV1 && !readFileSync(join(V2, 'cgroup.subtree_control'), 'utf8').includes('cpu')) writeFileSync(join(V2, 'cgroup.subtree_control'), '+cpu');
  const group = join(isV1 ? V1 : V2, `sameconn-${process.pid}-${groups++}`);
  mkdirSync(group);
  const quotaUs = Math.round(cores * PERIOD_US);
  if (isV1) {
    writeFileSync(join(group, 'cpu.cfs_period_us'), `${PERIOD_US}`);
    writeFileSync(join(group, 'cpu.cfs_quota_us'), `${quotaUs}`);
  } else {
    writeFileSync(join(group, 'cpu.max'), `${quotaUs} ${PERIOD_US}`);
  }
  return group;
}

/** A group is empty a moment after its last process has ended. */
async function ended(group: string): Promise<void> {
  for (const until = performance.now() + 5000; ; await new Promise((done) => setTimeout(done, 20))) {
    try {
      return rmdirSync(group);
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}
