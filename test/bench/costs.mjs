/** What is measured on our own: added latency, memory, workers, pacing. Each gives lines of figure and bar. */
import { CONNECTIONS } from './peers.mjs';
import { median } from './numbers.mjs';
import { cores, runScript } from './process.mjs';

const IDLE_RATE = 300;
const IDLE_CONNECTIONS = 8000;
const PACED_RATE = 20_000;
const NAMES = { p50: 'p50', p99: 'p99', p999: 'p99.9' };
/** Latencies at 300/s need more requests than a short window holds. */
const LONG_MS = 6000;

/** Reused on idle connections: what a client adds to a bare socket loop, in neighbouring runs. */
export async function addedLatency(server, { pairs, seconds }, told) {
  const job = { target: server.target('http'), warmupMs: 1000, windowMs: Math.max(seconds * 1000, LONG_MS) };
  const runs = [];
  for (let pair = 0; pair < pairs; pair++) {
    const bare = await runScript('bare-loop.mjs', { ...job, connections: CONNECTIONS, rate: IDLE_RATE });
    const wire = await runScript('load.mjs', { ...job, ...reusedAt(IDLE_RATE) });
    const undici = await runScript('load.mjs', { ...job, ...reusedAt(IDLE_RATE), client: 'undici' });
    runs.push({ bare, wire, undici });
    told(`idle connections at ${IDLE_RATE}/s: pair ${pair + 1} of ${pairs}`);
  }
  const added = (client, quantile) => runs.map((run) => run[client].service[quantile] - run.bare.service[quantile]);
  return [
    line('p50, bare socket loop', runs.map(({ bare }) => bare.service.p50), 'µs'),
    line('p99, bare socket loop', runs.map(({ bare }) => bare.service.p99), 'µs'),
    line('p50 added by wire', added('wire', 'p50'), 'µs', 30),
    line('p99 added by wire', added('wire', 'p99'), 'µs', 200),
    line('p50 added by undici', added('undici', 'p50'), 'µs'),
    line('p99 added by undici', added('undici', 'p99'), 'µs'),
  ];
}

/** Resident memory of an open idle connection. */
export async function memory(server, { pairs }, told) {
  const lines = [];
  for (const kind of ['bare', 'wire', 'undici']) {
    const figures = [];
    for (let run = 0; run < Math.min(pairs, 3); run++) {
      const job = { kind, target: server.target('http'), connections: IDLE_CONNECTIONS };
      figures.push((await runScript('idle-memory.mjs', job, { nodeOptions: ['--expose-gc'], openFiles: 20_000 })).perConnectionKiB);
    }
    lines.push(line(`memory of an idle connection, ${kind}`, figures, 'KiB', kind === 'wire' ? 8 : undefined));
    told(`memory at ${IDLE_CONNECTIONS} idle connections: ${kind}`);
  }
  return lines;
}

/** How late requests leave at a rate that keeps one worker busy; beside it how late the core itself is, taken away by the host or by interrupts. */
export async function pacing(server, { pairs, seconds }, told) {
  const times = { warmupMs: 1000, windowMs: seconds * 1000 };
  const runs = [];
  for (let pair = 0; pair < pairs; pair++) {
    const empty = await runScript('empty-loop.mjs', { ...times, rate: PACED_RATE });
    const ours = await runScript('load.mjs', { ...times, target: server.target('http'), ...reusedAt(PACED_RATE) });
    runs.push({ empty, ours });
    told(`pacing at ${PACED_RATE}/s: pair ${pair + 1} of ${pairs}`);
  }
  const late = (whose, quantile) => runs.map((run) => run[whose].late[quantile]);
  const bars = { p50: 5, p99: 100, p999: 1000 };
  return [
    ...Object.entries(bars).map(([quantile, bar]) => line(`late ${NAMES[quantile]}`, late('ours', quantile), 'µs', bar)),
    ...Object.keys(bars).map((quantile) => line(`late ${NAMES[quantile]}, empty loop`, late('empty', quantile), 'µs')),
  ];
}

/** One worker and two; where the cores do not allow it, says so. */
export async function workers(server, { pairs, seconds }, told) {
  if (cores.count < 4) return [{ name: '2 workers to 1', problem: `needs 4 cores, of which this machine has ${cores.count}` }];
  const job = { target: server.target('http'), ...CLOSED, warmupMs: 500, windowMs: seconds * 1000 };
  const ratios = [];
  for (let pair = 0; pair < pairs; pair++) {
    const one = await runScript('load.mjs', { ...job, workers: 1 }, { core: cores.two });
    const two = await runScript('load.mjs', { ...job, workers: 2 }, { core: cores.two });
    ratios.push(two.perSecond / one.perSecond);
    told(`workers: pair ${pair + 1} of ${pairs}`);
  }
  return [{ ...line('2 workers to 1', ratios, '×', 1.8), least: true }];
}

const CLOSED = { policy: 'reused', options: { connections: CONNECTIONS }, pacer: 'closed', pacerOptions: { inFlight: CONNECTIONS } };

function reusedAt(rate) {
  return { policy: 'reused', options: { connections: CONNECTIONS }, pacer: 'constant', pacerOptions: { rate } };
}

/** The median of the runs with its spread; a bar is the most it may be. */
function line(name, figures, unit, bar) {
  return { name, figure: median(figures), spread: [Math.min(...figures), Math.max(...figures)], unit, bar };
}
