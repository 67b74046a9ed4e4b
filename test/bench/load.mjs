/** One sameconn run in a process of its own: threads as a normal run has them, with everything recorded that a normal run records. */
import { hrtime } from 'node:process';
import { Crew } from '../../dist/engine/crew.js';
import { monotonicClock } from '../../dist/measure/clock.js';
import { Histogram } from '../../dist/measure/histogram.js';
import { mergeTallies } from '../../dist/measure/tally.js';
import { endpointOf, REQUEST, TIMEOUTS } from './target.mjs';

const { target, client = 'wire', workers = 1, policy, options, pacer, pacerOptions, warmupMs, windowMs } = JSON.parse(process.argv[2]);
let windowCpuUs = 0;
const epoch = hrtime.bigint();
const clock = monotonicClock(epoch);
const crew = new Crew(workers);
const { requests, connections, histograms, loopUtilization } = mergeTallies(await crew.round(assignment, clock, watchWindow));
await crew.dismiss();

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

/** Processor time of all threads in the measured window alone: what is compiled before it and summed up behind it would weigh on the few requests of a short run. */
function watchWindow(startNs) {
  const beginsMs = (startNs - clock.nowNs()) / 1e6 + warmupMs;
  let before;
  setTimeout(() => (before = process.cpuUsage()), beginsMs);
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    windowCpuUs = user + system;
  }, beginsMs + windowMs);
}

function assignment(worker, control) {
  return {
    worker,
    workers,
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
