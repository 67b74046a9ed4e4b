import type { Client } from '../../src/clients/client.js';
import { carryOut } from '../../src/engine/carry-out.js';
import { Control, type Assignment } from '../../src/engine/messages.js';
import { checkBooks } from '../../src/engine/books.js';
import { seriesResult } from '../../src/measure/series.js';
import { mergeTallies, type WorkerTally } from '../../src/measure/tally.js';
import { resolveEndpoints } from '../../src/engine/resolve.js';
import { plan } from '../../src/scenario/plan.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { scenarioFromUrl, type Flags } from '../../src/scenario/from-url.js';

/** One round of the first arm of a scenario, carried out by one worker in this process, its books checked. */
export async function runRound(url: string, flags: Flags, change: (scenario: Scenario) => Scenario = (scenario) => scenario, sender?: Client): Promise<WorkerTally> {
  const scenario = change(scenarioFromUrl(url, { warmup: '0s', blocks: '1', workers: '1', seed: '1', ...flags }));
  const { arms, pacerOptions, seed } = plan(scenario, 1, 2);
  const [arm, [endpoint]] = [arms[0]!, await resolveEndpoints(scenario)];
  const control = Control.allocate(1);
  const epoch = process.hrtime.bigint();
  new Control(control).start(5e6);
  const assignment: Assignment = {
    worker: 0,
    workers: 1,
    epoch,
    control,
    client: arm.client,
    policy: arm.policy,
    options: arm.options,
    endpoint: endpoint!,
    requests: scenario.target.requests,
    timeouts: { connectNs: 120e9, responseNs: 280e9, closeNs: 1e9 }, // a backlog on a slow machine is no failure here
    pacer: scenario.load.pacer,
    pacerOptions,
    seed,
    warmupNs: scenario.load.warmupNs,
    windowNs: scenario.load.durationNs,
    maxInFlight: scenario.load.maxInFlight,
    pacing: scenario.load.pacing,
    expectStatus: scenario.target.expectStatus,
    strip: true,
  };
  const tally = mergeTallies([await carryOut(assignment, sender)]);
  const { requests, connections, histograms, series } = tally;
  checkBooks({ index: 0, block: 0, arm: arm.name, startedAtMs: 0, warmupMs: 0, windowMs: 0, requests, connections, histograms, generator: { cpuMs: 0, loopUtilization: 0, longestTurnMs: 0, over60s: 0 }, series: seriesResult(series) }, endpoint!.secure);
  return tally;
}
