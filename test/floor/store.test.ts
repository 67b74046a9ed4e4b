import { describe, expect, test } from 'vitest';
import { readFloor, storeFloor, thisHost, type FloorKey } from '../../src/floor/store.js';
import { FLOOR } from '../fakes/floor.js';

const HERE: FloorKey = { hostname: 'bench', cpu: 'a processor', node: '20.18.1' };

/** A disk that is a map. */
function disk() {
  const files = new Map<string, string>();
  const said: string[] = [];
  return {
    files,
    said,
    stateFolder: '/state/sameconn',
    stderr: (text: string) => void said.push(text),
    replaceFile: (path: string, text: string) => void files.set(path, text),
    readFile: (path: string): Uint8Array => {
      const text = files.get(path);
      if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return new TextEncoder().encode(text);
    },
  };
}

describe('the floor of a host', () => {
  test('is read back as it was stored, and nothing is said', () => {
    const io = disk();
    expect(storeFloor(io, FLOOR, HERE)).toMatch(/^\/state\/sameconn\/floors\/\w+\.json$/);
    expect(readFloor(io, false, HERE)).toEqual(FLOOR);
    expect(io.said).toEqual([]);
  });

  test('is replaced by a later one', () => {
    const io = disk();
    storeFloor(io, FLOOR, HERE);
    storeFloor(io, { ...FLOOR, measuredAt: '2026-12-01T00:00:00.000Z' }, HERE);
    expect([readFloor(io, false, HERE)?.measuredAt, io.files.size]).toEqual(['2026-12-01T00:00:00.000Z', 1]);
  });

  test.each(['hostname', 'cpu', 'node'] as const)('does not hold for another %s', (what) => {
    const io = disk();
    storeFloor(io, FLOOR, HERE);
    expect(readFloor(io, false, { ...HERE, [what]: 'another' })).toBeNull();
    expect(io.said).toEqual([]);
  });

  test.each([
    ['is not JSON', '{ "hostname": "ben'],
    ['is empty', ''],
    ['holds nothing', 'null'],
    ['misses a figure', JSON.stringify({ ...HERE, floor: { ...FLOOR, addedMs: { p50: 1 } } })],
    ['is of another host', JSON.stringify({ ...HERE, hostname: 'other', floor: FLOOR })],
  ])('is ignored with one note when its file %s', (_what, text) => {
    const io = disk();
    io.files.set(storeFloor(io, FLOOR, HERE), text);
    expect(readFloor(io, false, HERE)).toBeNull();
    expect(io.said).toEqual([expect.stringMatching(/^note: .*ignored.*sameconn selftest.*\n$/)]);
    expect([readFloor(io, true, HERE), io.said.length]).toEqual([null, 1]);
  });

  test('is looked for under the name, the processor and the Node of this host', () => {
    expect(thisHost()).toEqual({ hostname: expect.stringMatching(/./) as string, cpu: expect.stringMatching(/./) as string, node: process.versions.node });
  });
});
