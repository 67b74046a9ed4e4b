/** What GitHub Actions shows of a run: the summary on the job's page, and at most one annotation of each kind. */
import type { Io } from '../io.js';
import * as reporters from '../reporters/index.js';
import { doubtsOf, partialSentence } from '../reporters/summary.js';
import { clip, legible } from '../reporters/text.js';
import { verdictWords } from '../reporters/words.js';
import type { Result } from '../result/schema.js';

/** Does nothing where the environment is not that of a GitHub job. Workflow commands go to stderr, which the runner reads as well: stdout is the result's. */
export function tellGitHub(result: Result, { quiet }: { readonly quiet: boolean }, io: Io): void {
  const page = io.env['GITHUB_STEP_SUMMARY'];
  if (page) addToPage(page, result, io);
  if (io.env['GITHUB_ACTIONS'] !== 'true' || quiet) return;
  const [errors, warnings] = [errorsOf(result), warningsOf(result)];
  if (errors.length > 0) io.stderr(annotation('error', result, errors));
  if (warnings.length > 0) io.stderr(annotation('warning', result, warnings));
}

/** A page that cannot be written is no reason to lose the run. */
function addToPage(path: string, result: Result, io: Io): void {
  try {
    io.appendFile(path, `${reporters.markdown.render(result, io.style)}\n`);
  } catch (error) {
    io.stderr(`the summary could not be added to $GITHUB_STEP_SUMMARY: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** What makes the exit code other than 0. */
function errorsOf({ verdict, expectations }: Result): readonly string[] {
  const failed = expectations.filter(({ state }) => state === 'failed').map(({ text, detail }) => `${text} failed${detail === '' ? '' : `: ${detail}`}`);
  return [...(verdict.state === 'untrustworthy' ? [verdict.sentence] : []), ...failed];
}

function warningsOf(result: Result): readonly string[] {
  const partial = partialSentence(result);
  const warned = doubtsOf(result).filter(({ state }) => state === 'warn').map(({ title, detail }) => `${title}: ${detail}`);
  const untold = result.expectations.filter(({ state }) => state === 'cannot-tell').map(({ text, detail }) => `${text} cannot be told: ${detail}`);
  return [...(partial === null ? [] : [partial]), ...(result.verdict.state === 'cannot-tell' ? [result.verdict.sentence] : []), ...untold, ...warned];
}

/** `::error title=…::…`, by the escaping of actions/toolkit (packages/core/src/command.ts). */
function annotation(kind: 'error' | 'warning', { run, verdict }: Result, lines: readonly string[]): string {
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const title = legible(clip(`sameconn ${run.name}: ${verdictWords[verdict.state].text.toLowerCase()}`, 120));
  return `::${kind} title=${property(title)}::${data(lines.slice(0, 10).map((line) => legible(clip(line, 400))).join('\n'))}\n`;
}
