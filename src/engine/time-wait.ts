/** The kernel's table of TCP sockets, read for those that still hold a port toward the target. */
import os from 'node:os';
import type { Endpoint } from '../net/endpoint.js';

/** Lines of /proc/net/tcp (Documentation/networking/proc_net_tcp.rst) in state 06, TIME_WAIT, whose far end is the target. */
export function countTimeWait(table: string, { address, port, family }: Pick<Endpoint, 'address' | 'port' | 'family'>): number {
  const far = `${hexOf(address, family === 6)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').filter((line) => {
    const [, , remote, state] = line.trim().split(/\s+/, 4);
    return remote === far && state === '06';
  }).length;
}

/** The address as the kernel prints it: 32-bit words in the order of this machine's bytes. */
function hexOf(address: string, isV6: boolean): string {
  const bytes = isV6 ? v6Bytes(address) : address.split('.').map(Number);
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(4 * word, 4 * word + 4));
  const ordered = os.endianness() === 'LE' ? words.map((word) => word.reverse()) : words;
  return ordered.flat().map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
}

function v6Bytes(address: string): number[] {
  const [head = '', tail] = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`).split('::');
  const groups = (part: string | undefined): number[] => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [before, after] = [groups(head), groups(tail)];
  const filled = [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0), ...after];
  return filled.flatMap((group) => [group >> 8, group & 255]);
}
