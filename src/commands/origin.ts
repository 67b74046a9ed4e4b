/** Which scenario was run: the file, the digest of its text, and the commit of the repository that it lies in. */
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { Io } from '../io.js';
import type { ScenarioOrigin } from '../result/schema.js';

/** @param file as it was named, read already */
export function originOf(file: string, text: string, io: Io): ScenarioOrigin {
  return { file, sha256: createHash('sha256').update(text).digest('hex'), commit: commitAround(resolve(file), io) };
}

/**
 * What HEAD points to in the nearest repository above a path, read from its files (git-scm.com/docs/gitrepository-layout), so that no program is started.
 * null: no repository, no commit in it yet, or a layout that keeps its references elsewhere.
 */
function commitAround(path: string, io: Io): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const repository = gitFolder(folder, io);
    if (repository !== null) return commitIn(repository, io);
    if (dirname(folder) === folder) return null;
  }
}

/** `.git`, or where it points to: work trees and submodules have a file of that name. */
function gitFolder(folder: string, io: Io): string | null {
  const git = join(folder, '.git');
  if (text(join(git, 'HEAD'), io) !== null) return git;
  const elsewhere = /^gitdir: (.+)$/m.exec(text(git, io) ?? '')?.[1];
  return elsewhere === undefined ? null : resolve(folder, elsewhere.trim());
}

function commitIn(git: string, io: Io): string | null {
  const head = text(join(git, 'HEAD'), io)?.trim() ?? '';
  if (COMMIT.test(head)) return head;
  const name = /^ref: (refs\/[\w./+@-]+)$/.exec(head)?.[1];
  if (name === undefined || name.includes('..')) return null;
  const shared = resolve(git, text(join(git, 'commondir'), io)?.trim() ?? '.');
  const loose = [git, shared].map((place) => text(join(place, name), io)?.trim() ?? '').find((value) => COMMIT.test(value));
  return loose ?? packed(text(join(shared, 'packed-refs'), io) ?? '', name);
}

function packed(refs: string, name: string): string | null {
  const [commit = ''] = refs.split('\n').find((line) => line.endsWith(` ${name}`))?.split(' ') ?? [];
  return COMMIT.test(commit) ? commit : null;
}

/** SHA-1, or SHA-256 where the repository was made with it. */
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

function text(path: string, io: Io): string | null {
  try {
    return new TextDecoder().decode(io.readFile(path));
  } catch {
    return null; // not there, not a file, or not ours to read: then nothing is known
  }
}
