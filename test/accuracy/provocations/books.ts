/**
 * sameconn itself is at fault, or what it stands on is. Two books that are kept apart of the same thing cannot be made to differ by any target, network or
 * neighbour: so a bug is planted in the running program, and the kernel is led round it.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folder } from '../../end-to-end/cli.js';
import { afflicted } from './afflicted.js';
import { namespace, whyNoNamespace } from '../namespace.js';
import { lacking, startTruth } from '../truth/index.js';
import { run, target, type Provocation } from './provocation.js';

const BRIEF = ['--rate', '200/s', '--pacing', 'timer', '--duration', '300ms', '--blocks', '1'];

export const doubled: Provocation = {
  what: 'a bug makes every tenth exchange twice as long in one of its books',
  gates: { G16: 'fail' },
  quick: true,
  provoke: async () => run(await target((response) => void setTimeout(() => response.end('ok'), 2)), ['--arm', 'reused', ...BRIEF], afflicted('twice.mjs')),
};

export const detoured: Provocation = {
  what: 'something beneath it leads its TCP connections to a unix socket',
  gates: { G17: 'fail' },
  quick: true,
  lacking: () => lacking() ?? whyNoNamespace(), // the counters are everybody's, but for a namespace's
  provoke: async () => {
    const { wrap } = await namespace();
    const { url } = await startTruth([{}], { wrap }); // for the preflight
    const path = join(folder(), 'detour');
    const server = createServer((_, response) => response.end('ok'));
    await new Promise<void>((done) => server.listen(path, done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { env } = afflicted('detour.mjs');
    return run(url, ['--arm', 'fresh', ...BRIEF], { env: { ...env, SAMECONN_DETOUR: path }, wrap });
  },
};
