/** Our control groups: how much processor a container's quota allows, and for how long it held us back. Both hierarchies, v2 and v1. */

/** The text of a file of the kernel's; null where there is none, or it is not ours to read. */
export type ReadText = (path: string) => string | null;

export interface CpuQuota {
  /** Time that our threads were held back so far, summed over the cores; null: no group of ours counts it. */
  readonly throttledUs: number | null;
  /** Cores' worth of time that the tightest group around us may use; null: as many as there are. */
  readonly cores: number | null;
}

/**
 * Of our group and of those around it, as far as they can be seen from here: each has a quota of its own, and whichever is used up first holds us back.
 * v2: cpu.stat and cpu.max (Documentation/admin-guide/cgroup-v2.rst); v1: cpu.stat, cpu.cfs_quota_us and cpu.cfs_period_us (Documentation/scheduler/sched-bwc.rst).
 */
export function cpuQuota(read: ReadText): CpuQuota {
  const [unified, legacy] = [folders(read, 'unified'), folders(read, 'cpu')];
  const throttledUs = [
    ...unified.map((folder) => figure(read(`${folder}/cpu.stat`), /^throttled_usec (\d+)/m)),
    ...legacy.map((folder) => figure(read(`${folder}/cpu.stat`), /^throttled_time (\d+)/m)).map((ns) => ns && ns / 1000),
  ];
  const cores = [...unified.map((folder) => share(read(`${folder}/cpu.max`))), ...legacy.map((folder) => share(`${read(`${folder}/cpu.cfs_quota_us`)} ${read(`${folder}/cpu.cfs_period_us`)}`))];
  return { throttledUs: extreme(Math.max, throttledUs), cores: extreme(Math.min, cores) };
}

/** The `some` line's total of cpu.pressure (Documentation/accounting/psi.rst) of our own group, in µs; null where it has none of its own. */
export function groupPressureUs(read: ReadText): number | null {
  const [own, ...around] = folders(read, 'unified');
  return own === undefined || (around.length === 0 && pathOf(read, 'unified') === '/') ? null : figure(read(`${own}/cpu.pressure`), SOME);
}

export const SOME = /^some .*total=(\d+)/m;

type Hierarchy = 'unified' | 'cpu';

/** The folders of our group and of those around it, innermost first, down to where the hierarchy is mounted. */
function folders(read: ReadText, hierarchy: Hierarchy): string[] {
  const path = pathOf(read, hierarchy);
  const mount = path === null ? undefined : mountOf(read, hierarchy, path);
  if (path === null || !mount) return [];
  // A container may see a part of the hierarchy as the whole of it: what its path begins with is not in there.
  const inside = within(path, mount.root) ? path.slice(mount.root === '/' ? 0 : mount.root.length) : '';
  const parts = inside.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, above) => [mount.at, ...parts.slice(0, parts.length - above)].join('/'));
}

/** `0::/system.slice/x.service` and `4:cpu,cpuacct:/docker/…`, as cgroups(7) has it. */
function pathOf(read: ReadText, hierarchy: Hierarchy): string | null {
  const lines = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => /^(\d+):([^:]*):(\/.*)$/.exec(line));
  const line = lines.find((found) => found && (hierarchy === 'unified' ? found[1] === '0' && found[2] === '' : (found[2] ?? '').split(',').includes('cpu')));
  return line?.[3] ?? null;
}

interface Mount {
  /** The part of the hierarchy that is seen there. */
  readonly root: string;
  readonly at: string;
}

/** `32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu`, as proc_pid_mountinfo(5) has it. */
function mountOf(read: ReadText, hierarchy: Hierarchy, path: string): Mount | undefined {
  const mounts = (read('/proc/self/mountinfo') ?? '').split('\n').flatMap((line): Mount[] => {
    const [mounted = '', kind = ''] = line.split(' - ');
    const [type, , options = ''] = kind.split(' ');
    const [, , , root = '/', at = ''] = mounted.split(' ');
    return (hierarchy === 'unified' ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes('cpu')) ? [{ root, at }] : [];
  });
  return mounts.find(({ root }) => within(path, root)) ?? mounts[0];
}

function within(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`);
}

/** `20000 100000` → 0.2; `max 100000` and `-1 100000`: null. */
function share(text: string | null): number | null {
  const [quota, period] = (text ?? '').trim().split(/\s+/).map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : null;
}

function figure(text: string | null, pattern: RegExp): number | null {
  const found = pattern.exec(text ?? '');
  return found ? Number(found[1]) : null;
}

function extreme(of: (...values: number[]) => number, values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : of(...known);
}
