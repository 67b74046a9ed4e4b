import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test.skipIf(process.platform !== 'linux')('500 clients at one time are counted to the last request, as they count themselves', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [resolve(import.meta.dirname, 'watch.mjs'), '500', '1', '100'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ atOnce: 500, equal: true, watch: { connections: 500, refused: {} } });
});
