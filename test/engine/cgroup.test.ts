import { describe, expect, test } from 'vitest';
import { cpuQuota, groupPressureUs, type ReadText } from '../../src/engine/cgroup.js';

/** A kernel that has these files and no others. */
const kernel = (files: Readonly<Record<string, string>>): ReadText => (path) => files[path] ?? null;

const V2 = { '/proc/self/cgroup': '0::/system.slice/load.service\n', '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n' };
const V1 = {
  '/proc/self/cgroup': '9:name=systemd:/\n4:memory:/docker/1f\n1:cpu,cpuacct:/docker/1f\n0::/\n',
  '/proc/self/mountinfo':
    '31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n',
};

describe('the CPU quota', () => {
  test('of a group of the unified hierarchy, and how long it held us back', () => {
    const read = kernel({
      ...V2,
      '/sys/fs/cgroup/system.slice/load.service/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/system.slice/load.service/cpu.stat': 'usage_usec 900\nnr_throttled 3\nthrottled_usec 4200\n',
      '/sys/fs/cgroup/system.slice/cpu.max': 'max 100000\n',
    });
    expect(cpuQuota(read)).toEqual({ cores: 1.5, throttledUs: 4200 });
  });

  test('of the first version: ns in place of µs, a quota and a period of its own', () => {
    const read = kernel({
      ...V1,
      '/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_quota_us': '20000\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.stat': 'nr_periods 11\nnr_throttled 10\nthrottled_time 312571951\n',
    });
    expect(cpuQuota(read)).toEqual({ cores: 0.2, throttledUs: 312571.951 });
  });

  test('of a group around ours counts too: whichever is used up first holds us back', () => {
    const read = kernel({
      ...V2,
      '/sys/fs/cgroup/system.slice/load.service/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/system.slice/load.service/cpu.stat': 'throttled_usec 0\n',
      '/sys/fs/cgroup/system.slice/cpu.max': '50000 100000\n',
      '/sys/fs/cgroup/system.slice/cpu.stat': 'throttled_usec 77\n',
    });
    expect(cpuQuota(read)).toEqual({ cores: 0.5, throttledUs: 77 });
  });

  test('in a container that sees its own group as the whole hierarchy', () => {
    const own = { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000', '/sys/fs/cgroup/cpu/cpu.stat': 'throttled_time 5000\n' };
    const mountinfo = '32 31 0:29 /docker/1f /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n';
    for (const cgroup of ['1:cpu:/docker/1f\n', '1:cpu:/\n', '1:cpu:/../..\n']) {
      expect(cpuQuota(kernel({ ...own, '/proc/self/cgroup': cgroup, '/proc/self/mountinfo': mountinfo })), cgroup).toEqual({ cores: 4, throttledUs: 5 });
    }
  });

  test('that is none: as many cores as there are, and no time lost', () => {
    const read = kernel({ ...V1, '/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_quota_us': '-1\n', '/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_period_us': '100000\n', '/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.stat': 'throttled_time 0\n' });
    expect(cpuQuota(read)).toEqual({ cores: null, throttledUs: 0 });
  });

  test('cannot be told where there are no control groups', () => {
    expect(cpuQuota(() => null)).toEqual({ cores: null, throttledUs: null });
    expect(cpuQuota(kernel({ '/proc/self/cgroup': 'what is this\n', '/proc/self/mountinfo': '' }))).toEqual({ cores: null, throttledUs: null });
  });
});

describe('the pressure of our own group', () => {
  const SOME = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1234\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9\n';

  test('is read where it has one, wherever the hierarchy is mounted', () => {
    expect(groupPressureUs(kernel({ ...V2, '/sys/fs/cgroup/system.slice/load.service/cpu.pressure': SOME }))).toBe(1234);
    expect(groupPressureUs(kernel({ ...V1, '/proc/self/cgroup': '0::/a\n', '/sys/fs/cgroup/unified/a/cpu.pressure': SOME }))).toBe(1234);
  });

  test('is not that of the root, which is the host’s', () => {
    expect(groupPressureUs(kernel({ ...V1, '/sys/fs/cgroup/unified/cpu.pressure': SOME }))).toBeNull();
  });
});
