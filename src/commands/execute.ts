/** A scenario, run from the preflight to the written reports: what `run` and `demo` share. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { analyze } from '../analysis/analyze.js';
import { isPrecise, precisionSoFar } from '../analysis/precision.js';
import { run, type Interruption } from '../engine/run.js';
import type { Enough } from '../engine/stopping.js';
import { RequestError } from '../errors.js';
import { readFloor } from '../floor/store.js';
import type { Io, Log } from '../io.js';
import { ownClock } from '../measure/clock.js';
import { POLITE, probe } from '../probe/probe.js';
import { journalLine, type RawRun } from '../result/journal.js';
import { probeReport } from '../result/probe.js';
import type { Result, ScenarioOrigin } from '../result/schema.js';
import { plan } from '../scenario/plan.js';
import type { Scenario } from '../scenario/scenario.js';
import { NS_PER_S } from '../units.js';
import { toolVersion, undiciVersion } from '../version.js';
import type { ExitCode } from './command.js';
import { showProgress, type Progress } from './progress.js';
import { conclude, type OutputOptions } from './output.js';

export async function execute(scenario: Scenario, output: OutputOptions & { name: string; keepSecrets?: boolean; origin?: ScenarioOrigin }, io: Io): Promise<{ exitCode: ExitCode; result: Result }> {
  const asked = plan(scenario, scenario.seed ?? io.randomSeed(), io.cores());
  const redact = output.keepSecrets !== true;
  const planned = redact ? asked : { ...asked, notes: [...asked.notes, SECRETS_KEPT] };
  if (!redact) io.stderr('warning: --no-redact: headers, URL credentials and query values stand in every file as they were sent\n');
  const journalPath = join(output.out, `${output.name}.ndjson`);
  const log = io.openLog(journalPath); // before the run: a path that cannot be written fails in the first second
  const progress = showProgress(planned, io, output.quiet);
  const interruption = interruptible(io, progress);
  const enough: Enough = (soFar) => {
    progress.say(precisionSoFar(soFar));
    return isPrecise(soFar);
  };
  try {
    const identity = { version: toolVersion, undiciVersion, id: randomUUID(), startedAt: io.now(), command: ['sameconn', ...io.argv], redact, floor: readFloor(io, output.quiet), ...(output.origin && { scenario: output.origin }) };
    const raw = await run(planned, identity, (line) => log.append(journalLine(line)), progress, interruption, enough);
    progress.over();
    const interrupted = interruption.requested;
    if (scenario.probe !== undefined) interruption.forget(); // the rounds are in the journal: an interrupt may end what is left at once
    const result = analyze({ ...raw, ...(await probed(scenario, raw.complete && !interrupted, output.quiet, log, io)) });
    await conclude(result, output.name, output, io);
    return { exitCode: interrupted ? 130 : exitCodeOf(result), result };
  } finally {
    progress.over();
    interruption.forget();
    log.close();
  }
}

const SECRETS_KEPT = 'Secrets were kept (--no-redact): headers, URL credentials and query values stand here as they were sent. Think before you share this.';

/** After the rounds, so that it disturbs none of them; not when they were interrupted. */
async function probed(scenario: Scenario, complete: boolean, quiet: boolean, log: Log, io: Io): Promise<Pick<RawRun, 'probe'>> {
  if (scenario.probe === undefined || !complete) return {};
  if (!quiet) io.stderr(`probing the server’s keep-alive contract, up to ${Math.ceil(scenario.probe.capNs / NS_PER_S)} s for an idle connection\n`);
  try {
    const report = probeReport.parse(await probe(scenario, { ...scenario.probe, limits: POLITE }, ownClock())); // in the order in which it will be read again
    log.append(journalLine({ type: 'probe', ...report }));
    return { probe: report };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    io.stderr(`no probe: ${error.message}\n`); // the run before it is whole all the same
    return {};
  }
}

function exitCodeOf(result: Result): ExitCode {
  if (result.verdict.state === 'untrustworthy') return 3;
  return result.expectations.some((expectation) => expectation.state === 'failed') ? 1 : 0;
}

// First interrupt: the round under way is the last. Second: stop at once; the journal is whole up to the last ended round.
function interruptible(io: Io, progress: Progress): Interruption & { forget(): void } {
  let requested = false;
  let stop: (() => void) | null = null;
  const forget = io.onInterrupt(() => {
    if (requested) return stop?.();
    requested = true;
    progress.say('stopping after this round; interrupt again to stop at once');
  });
  return {
    get requested() {
      return requested;
    },
    onStop: (listener) => (stop = listener),
    forget,
  };
}
