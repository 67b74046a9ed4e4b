import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { environment } from '../../src/engine/environment.js';
import { hostSettings } from '../../src/result/environment-schema.js';

describe('the environment of a run', () => {
  const { settings } = environment();

  test('fits the result file on every system', () => {
    expect(hostSettings.parse(settings)).toEqual(settings);
  });

  test.skipIf(process.platform !== 'linux')('says how this Linux is set: ports, reuse of TIME_WAIT, file descriptors (skipped elsewhere)', () => {
    const kernel = (path: string): string => readFileSync(`/proc/sys/${path}`, 'utf8').trim().replace(/\s+/g, ' ');
    expect(settings?.sysctl).toMatchObject({ 'net.ipv4.ip_local_port_range': kernel('net/ipv4/ip_local_port_range'), 'net.ipv4.tcp_tw_reuse': kernel('net/ipv4/tcp_tw_reuse') });
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    expect(settings?.openFiles.soft).toBe(soft === undefined ? null : Number(soft));
  });
});
