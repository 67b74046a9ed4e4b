import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { originOf } from '../../src/commands/origin.js';
import { fakeIo } from '../fakes/io.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'f'.repeat(40);
const FILE = '/work-tree/load/scenario.yaml';

const commit = (files: Readonly<Record<string, string>>): string | null => originOf(FILE, 'text', fakeIo({}, files)).commit;

describe('the origin of a scenario', () => {
  test('is its file as it was named, and the digest of its text', () => {
    expect(originOf(FILE, 'text', fakeIo())).toEqual({ file: FILE, sha256: createHash('sha256').update('text').digest('hex'), commit: null });
  });

  test.each<[string, Record<string, string>, string | null]>([
    ['a branch', { '/work-tree/.git/HEAD': 'ref: refs/heads/main\n', '/work-tree/.git/refs/heads/main': `${COMMIT}\n` }, COMMIT],
    ['a commit that is checked out by itself', { '/work-tree/.git/HEAD': `${COMMIT}\n` }, COMMIT],
    ['a branch that was packed', { '/work-tree/.git/HEAD': 'ref: refs/heads/a/b\n', '/work-tree/.git/packed-refs': `# pack-refs with: peeled\n${OTHER} refs/heads/b\n${COMMIT} refs/heads/a/b\n^${OTHER}\n` }, COMMIT],
    ['a branch that is newer than the pack', { '/work-tree/.git/HEAD': 'ref: refs/heads/main\n', '/work-tree/.git/refs/heads/main': COMMIT, '/work-tree/.git/packed-refs': `${OTHER} refs/heads/main\n` }, COMMIT],
    ['a further work tree', { '/work-tree/.git': 'gitdir: /main/.git/worktrees/w\n', '/main/.git/worktrees/w/HEAD': 'ref: refs/heads/w\n', '/main/.git/worktrees/w/commondir': '../..\n', '/main/.git/refs/heads/w': COMMIT }, COMMIT],
    ['a submodule', { '/work-tree/load/.git': 'gitdir: ../.git/modules/load\n', '/work-tree/.git/modules/load/HEAD': COMMIT, '/work-tree/.git/HEAD': OTHER }, COMMIT],
    ['the nearest repository', { '/.git/HEAD': OTHER, '/work-tree/.git/HEAD': COMMIT }, COMMIT],
    ['a repository without a commit', { '/work-tree/.git/HEAD': 'ref: refs/heads/main\n' }, null],
    ['references kept elsewhere', { '/work-tree/.git/HEAD': 'ref: refs/heads/.invalid\n' }, null],
    ['a HEAD that leads out of the repository', { '/work-tree/.git/HEAD': 'ref: refs/../../secret\n', '/work-tree/secret': COMMIT }, null],
    ['no repository', {}, null],
  ])('has the commit of %s', (_, files, expected) => {
    expect(commit(files)).toBe(expected);
  });
});
