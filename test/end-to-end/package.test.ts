import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { folder } from './cli.js';

const ROOT = resolve(import.meta.dirname, '../..');

test('the packed tarball, installed into an empty folder, runs the demo and carries no test', () => {
  const tarballs = folder();
  const home = folder();
  const npm = (cwd: string, ...words: string[]): string => execFileSync('npm', words, { cwd, encoding: 'utf8', env: { ...process.env, CI: 'true' }, stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(npm(ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', tarballs)) as { filename: string; files: { path: string }[] }[];
  const files = packed!.files.map((file) => file.path);
  expect(files.filter((file) => /(^|\/)test\/|\.test\.|\.map$|^src\//.test(file))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'bin/sameconn.js', 'scenarios/scenario.schema.json', 'reports/result.schema.json']));

  npm(home, 'init', '-y');
  npm(home, 'install', '--no-audit', '--no-fund', join(tarballs, packed!.filename));
  const said = execFileSync('npx', ['sameconn', 'demo'], { cwd: home, encoding: 'utf8', env: { ...process.env, CI: 'true' }, stdio: ['ignore', 'pipe', 'ignore'] });
  expect(said).toContain('the target counted the same');
  expect(readdirSync(join(home, 'reports')).sort()).toEqual(['demo.html', 'demo.json', 'demo.md', 'demo.ndjson']);
}, 240_000);
