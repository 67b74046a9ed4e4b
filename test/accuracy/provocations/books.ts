/** sameconn itself is at fault: no run of it should be, so the books of a real one are falsified. */
import { analyze } from '../../../src/analysis/analyze.js';
import type { Observed } from '../../../src/result/schema.js';
import { measure } from '../measure.js';
import { target, type Provocation } from './provocation.js';

export const lostExchange: Provocation = {
  what: 'one exchange in twenty is missing from one of its books',
  gates: { G16: 'fail' },
  quick: true,
  provoke: () => falsified(({ exchangesMs, ...others }) => ({ ...others, exchangesMs: 0.95 * exchangesMs })),
};

export const inventedConnection: Provocation = {
  what: 'it claims a connection that the kernel does not know of',
  gates: { G17: 'fail' },
  quick: true,
  lacking: () => (process.platform === 'linux' ? undefined : "the kernel's TCP counters need Linux"),
  provoke: () => falsified(({ host, ...others }, opened) => ({ ...others, host: { ...host, kernel: host.kernel && { ...host.kernel, activeOpens: opened - 1 } } })),
};

async function falsified(change: (observed: Observed, opened: number) => Observed): ReturnType<Provocation['provoke']> {
  const url = await target((response) => response.end('ok'));
  const { raw } = await measure(url, ['--arm', 'fresh', '--rate', '200/s', '--pacing', 'timer', '--warmup', '50ms', '--duration', '200ms', '--blocks', '1']);
  const rounds = raw.rounds.map(({ observed, ...round }) => ({ ...round, observed: change(observed!, round.connections.opened + round.connections.warmup.opened) }));
  return analyze({ ...raw, rounds });
}
