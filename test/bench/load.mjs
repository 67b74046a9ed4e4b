/** One sameconn run in a process of its own: what a worker of a normal run does, with everything recorded that a normal run records. */
import { hrtime } from 'node:process';
import { carryOut } from '../../dist/engine/carry-out.js';
import { Crew } from '../../dist/engine/crew.js';
import { Control } from '../../dist/engine/messages.js';
import { monotonicClock } from '../../dist/measure/clock.js';
import { Histogram } from '../../dist/measure/histogram.js';
import { mergeTallies } from '../../dist/measure/tally.js';
import { endpointOf, REQUEST, TIMEOUTS } from './target.mjs';

const LEAD_NS = 10e6;

const { target, client = 'wire', workers, policy, options, pacer, pacerOptions, warmupMs, windowMs } = JSON.parse(process.argv[2]);
let windowCpuUs = 0; // not known of threads
const epoch = hrtime.bigint();
const clock = monotonicClock(epoch);
const { requests, connections, histograms, loopUtilization } = workers === undefined ? await inThisThread() : await byCrew();

console.log(
  JSON.stringify({
    perSecond: requests.completed / (windowMs / 1000),
    cpuUs: windowCpuUs / requests.completed,
    service: quantilesUs(histograms.service),
    late: quantilesUs(histograms.late),
    failures: { ...requests.warmup.failures, ...requests.failures },
    opened: connections.opened + connections.warmup.opened,
    tlsFull: connections.tlsFull + connections.warmup.tlsFull,
    loopUtilization,
  }),
);

function inThisThread() {
  const control = new Control(Control.allocate(1));
  const round = carryOut(assignment(0, control.memory));
  watchWindow();
  control.start(clock.nowNs() + LEAD_NS);
  return round;
}

/** Processor time of the measured window alone: what is compiled before it and summed up behind it would weigh on the few requests of a short run. */
function watchWindow() {
  let before;
  setTimeout(() => (before = process.cpuUsage()), warmupMs);
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    windowCpuUs = user + system;
  }, warmupMs + windowMs);
}

/** In threads, as a normal run has them. */
async function byCrew() {
  const crew = new Crew(workers);
  const tallies = await crew.round(assignment, clock, () => {});
  await crew.dismiss();
  return mergeTallies(tallies);
}

function assignment(worker, control) {
  return {
    worker,
    workers: workers ?? 1,
    epoch,
    control,
    client,
    policy,
    options,
    endpoint: endpointOf(target),
    requests: [REQUEST],
    timeouts: TIMEOUTS,
    pacer,
    pacerOptions,
    seed: 1,
    warmupNs: warmupMs * 1e6,
    windowNs: windowMs * 1e6,
    maxInFlight: 10_000,
    pacing: 'hybrid',
    expectStatus: ['200'],
  };
}

function quantilesUs(encoded) {
  const histogram = Histogram.decode(encoded);
  return { p50: histogram.quantileNs(0.5) / 1e3, p99: histogram.quantileNs(0.99) / 1e3, p999: histogram.quantileNs(0.999) / 1e3 };
}
