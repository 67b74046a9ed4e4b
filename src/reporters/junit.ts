import type { Result } from '../result/schema.js';
import { partialSentence } from './summary.js';
import type { Reporter } from './reporter.js';
import { clip, legible, mapStrings } from './text.js';
import { promiseWords, verdictWords } from './words.js';

/**
 * The run as test cases, in the JUnit XML that Jenkins, GitLab and their kin read. A verdict that is none and a gate that failed are errors: the measurement broke.
 * An expectation or a promise that failed is a failure: the target did. What could not be told or was not measured is skipped, with the reason.
 */
export const junit: Reporter = {
  kind: 'junit',
  summary: 'expectations, promises and checks as JUnit test cases, for a CI server',
  extension: 'xml',
  render: (written) => {
    const result = mapStrings(written, (text) => legible(text).replace(/[\ufffe\uffff]/g, '\ufffd'));
    const suites = [verdict(result), expectations(result), promises(result), gates(result)].filter(({ cases }) => cases.length > 0);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: `sameconn: ${clip(result.run.name, 200)}`, ...totals(suites.flatMap(({ cases }) => cases)), time: seconds(result) }, suites.map((suite) => suiteView(suite, result)))}`;
  },
};

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** In one line, beside the outcome. */
  readonly message: string;
  readonly detail: string;
}

function verdict(result: Result): Suite {
  const { state, sentence } = result.verdict;
  const outcome = state === 'untrustworthy' ? 'error' : state === 'cannot-tell' || state === 'not-judged' ? 'skipped' : 'passed';
  const partial = partialSentence(result);
  return { name: 'verdict', cases: [{ name: 'the run can be trusted and gives a verdict', outcome, message: verdictWords[state].text, detail: [sentence, partial ?? ''].filter((part) => part !== '').join('\n') }] };
}

function expectations(result: Result): Suite {
  const outcomes = { met: 'passed', failed: 'failure', 'cannot-tell': 'skipped' } as const;
  return { name: 'expectations', cases: result.expectations.map(({ text, state, detail }) => ({ name: text, outcome: outcomes[state], message: detail, detail })) };
}

function promises(result: Result): Suite {
  return {
    name: 'promises',
    cases: result.arms.map((arm) => {
      const outcome = arm.promise.rounds === 0 ? 'skipped' : arm.promise.held ? 'passed' : 'failure';
      return { name: `${arm.name} keeps the promise of ${arm.policy}`, outcome, message: promiseWords(arm).text, detail: arm.promise.sentence };
    }),
  };
}

function gates(result: Result): Suite {
  const outcomes = { pass: 'passed', warn: 'passed', fail: 'error', 'not-measured': 'skipped' } as const;
  return {
    name: 'checks',
    cases: result.gates.map(({ id, title, state, value, limit, unit, detail, remedy }) => {
      const measured = value === null ? '' : `measured ${value}${limit === null ? '' : `, limit ${limit}`} ${unit}`.trimEnd();
      const parts = [state === 'warn' ? 'warning' : '', detail, remedy].filter((part) => part !== '');
      return { name: `${id} ${title}`, outcome: outcomes[state], message: parts.join('; '), detail: [...parts, measured].filter((part) => part !== '').join('\n') };
    }),
  };
}

// ---------------------------------------------------------------------------------------------- XML

function suiteView({ name, cases }: Suite, result: Result): string {
  const { run, environment } = result;
  const about = { name: `${clip(run.name, 200)} ${name}`, ...totals(cases), skipped: cases.filter(({ outcome }) => outcome === 'skipped').length, time: '0', timestamp: run.startedAt.replace(/(\.\d+)?Z$/, ''), hostname: clip(environment.hostname, 80) };
  const properties = { seed: String(run.seed), target: clip(result.target.url, 500), version: `sameconn ${clip(result.tool.version, 30)}`, run: clip(run.id, 80) };
  return element('testsuite', about, [
    element('properties', {}, Object.entries(properties).map(([key, value]) => element('property', { name: key, value }, []))),
    ...cases.map((one) => caseView(one, `${clip(run.name, 200)}.${name}`)),
  ]);
}

function caseView({ name, outcome, message, detail }: Case, classname: string): string {
  const shown = clip(detail, 4000);
  const inside = outcome === 'passed' ? (shown === '' ? '' : element('system-out', {}, shown)) : element(outcome, { message: clip(message, 500), ...(outcome === 'skipped' ? {} : { type: outcome }) }, shown);
  return element('testcase', { name: clip(name, 300), classname, time: '0' }, inside === '' ? [] : [inside]);
}

function totals(cases: readonly Case[]): { tests: number; failures: number; errors: number } {
  const having = (wanted: Case['outcome']): number => cases.filter(({ outcome }) => outcome === wanted).length;
  return { tests: cases.length, failures: having('failure'), errors: having('error') };
}

function seconds({ run }: Result): string {
  return (run.durationMs / 1000).toFixed(3);
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content: string | readonly string[]): string {
  const head = `${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('')}`;
  if (typeof content === 'string') return `<${head}>${escaped(content)}</${name}>\n`;
  return content.length === 0 ? `<${head}/>\n` : `<${head}>\n${content.join('')}</${name}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
