/** A scenario, run from the preflight to the written reports: what `run` and `demo` share. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { analyze } from '../analysis/analyze.js';
import { run, type Interruption } from '../engine/run.js';
import type { Io } from '../io.js';
import { journalLine } from '../result/journal.js';
import type { Result } from '../result/schema.js';
import { plan } from '../scenario/plan.js';
import type { Scenario } from '../scenario/scenario.js';
import { toolVersion, undiciVersion } from '../version.js';
import type { ExitCode } from './command.js';
import { showProgress, type Progress } from './progress.js';
import { conclude, type OutputOptions } from './output.js';

export async function execute(scenario: Scenario, output: OutputOptions & { name: string; keepSecrets?: boolean }, io: Io): Promise<{ exitCode: ExitCode; result: Result }> {
  const asked = plan(scenario, scenario.seed ?? io.randomSeed(), io.cores());
  const redact = output.keepSecrets !== true;
  const planned = redact ? asked : { ...asked, notes: [...asked.notes, SECRETS_KEPT] };
  if (!redact) io.stderr('warning: --no-redact: headers, URL credentials and query values stand in every file as they were sent\n');
  const journalPath = join(output.out, `${output.name}.ndjson`);
  const log = io.openLog(journalPath); // before the run: a path that cannot be written fails in the first second
  const progress = showProgress(planned, io, output.quiet);
  const interruption = interruptible(io, progress);
  try {
    const identity = { version: toolVersion, undiciVersion, id: randomUUID(), startedAt: io.now(), command: ['sameconn', ...io.argv], redact };
    const raw = await run(planned, identity, (line) => log.append(journalLine(line)), progress, interruption);
    progress.over();
    const result = analyze(raw);
    await conclude(result, output.name, output, io);
    return { exitCode: interruption.requested ? 130 : exitCodeOf(result), result };
  } finally {
    progress.over();
    interruption.forget();
    log.close();
  }
}

const SECRETS_KEPT = 'Secrets were kept (--no-redact): headers, URL credentials and query values stand here as they were sent. Think before you share this.';

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
