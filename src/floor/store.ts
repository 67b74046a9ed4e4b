/** Where this host's floor is kept between runs: one file for each host, processor and version of Node, since all three move it. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { versions } from 'node:process';
import { environment } from '../engine/environment.js';
import type { Io } from '../io.js';
import { hostFloor, type HostFloor } from '../result/environment-schema.js';

/** What a floor holds for. */
export interface FloorKey {
  readonly hostname: string;
  readonly cpu: string;
  readonly node: string;
}

export function thisHost(): FloorKey {
  const { hostname, cpu } = environment();
  return { hostname, cpu, node: versions.node };
}

/** The stored floor of this host, or null. A file that is damaged is not used: unless `quiet`, stderr says so. */
export function readFloor(io: Pick<Io, 'readFile' | 'stderr' | 'stateFolder'>, quiet: boolean, key: FloorKey = thisHost()): HostFloor | null {
  const path = floorPath(io.stateFolder, key);
  const ignored = (why: string): null => {
    if (!quiet) io.stderr(`note: the stored floor of this host is ignored (${path} ${why}); sameconn selftest measures it again\n`);
    return null;
  };
  let text: string;
  try {
    text = new TextDecoder().decode(io.readFile(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : ignored(`cannot be read: ${code ?? String(error)}`);
  }
  const stored = parsed(text) as (Partial<FloorKey> & { floor?: unknown }) | null;
  const floor = hostFloor.safeParse(stored?.floor);
  if (!floor.success) return ignored('is damaged');
  return (['hostname', 'cpu', 'node'] as const).every((what) => stored?.[what] === key[what]) ? floor.data : ignored('is of another host');
}

/** Keeps the floor for the reports of this host. @returns where; throws as node:fs does */
export function storeFloor(io: Pick<Io, 'replaceFile' | 'stateFolder'>, floor: HostFloor, key: FloorKey = thisHost()): string {
  const path = floorPath(io.stateFolder, key);
  io.replaceFile(path, `${JSON.stringify({ ...key, floor }, null, 2)}\n`);
  return path;
}

function floorPath(folder: string, { hostname, cpu, node }: FloorKey): string {
  const name = createHash('sha256').update(JSON.stringify([hostname, cpu, node])).digest('hex').slice(0, 16);
  return join(folder, 'floors', `${name}.json`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
