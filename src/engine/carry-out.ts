/** One worker's part of one round, from the assignment to the tally. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../clients/client.js';
import * as clients from '../clients/index.js';
import { choose, type ConnectionRules } from '../define.js';
import { clockSkewNs, monotonicClock } from '../measure/clock.js';
import { Recorder } from '../measure/recorder.js';
import { Series } from '../measure/series.js';
import { Strip } from '../measure/strip.js';
import type { WorkerTally } from '../measure/tally.js';
import { Ledger } from '../net/ledger.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';
import { randomFrom } from '../random.js';
import { Arrivals } from './arrivals.js';
import { Drive, realSchedule } from './drive.js';
import { collectGarbage } from './heap.js';
import { Control, share, type Assignment } from './messages.js';
import { PauseWatch } from './pauses.js';
import { rehearse } from './rehearsal.js';
import { expectedStatuses } from './status.js';

const PUBLISH_EVERY_MS = 100;

export async function carryOut(assignment: Assignment, sender: Pick<Client, 'open'> = choose(clients, assignment.client, 'client')): Promise<WorkerTally> {
  const { worker, workers, endpoint, requests, timeouts, seed, warmupNs, windowNs, pacing } = assignment;
  rehearse();
  const clock = monotonicClock(assignment.epoch);
  const control = new Control(assignment.control);
  const recorder = new Recorder(expectedStatuses(assignment.expectStatus), new Series(windowNs));
  const ledger = new Ledger(clock, endpoint.secure);
  const client = sender.open({ endpoint, rules: rulesShare(assignment), requests, timeouts, ledger, clock });
  const pacer = choose(pacers, assignment.pacer, 'pacer');
  const arrivals = pacer.model === 'open' ? new Arrivals(pacer, assignment.pacerOptions, seed, warmupNs + windowNs, worker, workers) : share(pacer.inFlight(assignment.pacerOptions), worker, workers);

  collectGarbage();
  control.reportReady();
  while (control.startNs === null && !control.stopped) await sleep(1);
  const utilization = performance.eventLoopUtilization();
  const skewNs = clockSkewNs(clock, assignment.epoch);
  const startNs = control.startNs ?? clock.nowNs();
  const fromNs = startNs + warmupNs;
  recorder.middleNs = fromNs + windowNs / 2;
  recorder.series.begin(fromNs);
  ledger.series = recorder.series;
  if (assignment.strip) ledger.strip = new Strip(fromNs, windowNs);
  const pauses = new PauseWatch();
  const drive = new Drive(
    { startNs, warmupNs, windowNs, pacing, arrivals, maxInFlight: Math.max(1, share(assignment.maxInFlight, worker, workers)), chooseRequest: chooser(assignment) },
    { clock, client, recorder, schedule: realSchedule, stopped: () => control.stopped },
  );
  const publish = (): void => {
    const { planned, sent, completed, lost } = recorder;
    const { opened, tlsFull, tlsResumed, open } = ledger;
    control.publish(worker, { planned, sent, completed, lost, inFlight: drive.inFlight, opened, tlsFull, tlsResumed, open });
  };
  const publishing = setInterval(publish, PUBLISH_EVERY_MS);
  try {
    await drive.run();
    await client.close();
  } finally {
    clearInterval(publishing);
    pauses.stop();
  }
  publish();
  const windowFromMs = performance.now() + (startNs + warmupNs - clock.nowNs()) / 1e6;
  return {
    ...recorder.tally(),
    connections: ledger.tally(),
    ...(ledger.strip && { strip: ledger.strip.result(workers) }),
    loopUtilization: performance.eventLoopUtilization(utilization).utilization,
    longestTurnMs: drive.longestTurnNs / 1e6,
    self: {
      ...recorder.observed(),
      inFlightNs: drive.inFlightNs,
      stalledMs: drive.stalledNs / 1e6,
      gc: pauses.within(windowFromMs, windowFromMs + windowNs / 1e6),
      clockSkewUs: Math.max(skewNs, clockSkewNs(clock, assignment.epoch)) / 1000,
      tls: ledger.tlsFacts === null ? [] : [`${ledger.tlsFacts.protocol} ${ledger.tlsFacts.cipher}`],
    },
  };
}

function rulesShare({ policy, options, worker, workers }: Assignment): ConnectionRules {
  const rules = choose(policies, policy, 'policy').rules(options);
  return { ...rules, connections: share(rules.connections, worker, workers) };
}

/** Draws requests by weight, seeded like the schedule: every arm of a block sends the same ones in the same order. */
function chooser({ requests, seed, worker }: Assignment): () => number {
  if (requests.length === 1) return () => 0;
  const random = randomFrom(seed, 3 + worker);
  const total = requests.reduce((sum, request) => sum + request.weight, 0);
  let before = 0;
  const bounds = requests.map((request) => (before += request.weight / total));
  return () => {
    const at = random();
    const index = bounds.findIndex((bound) => at < bound);
    return index < 0 ? requests.length - 1 : index;
  };
}
