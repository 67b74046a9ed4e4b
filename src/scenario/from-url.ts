/** A scenario from the command line: a URL alone, or a file's scenario with flags over it. */
import { CLIENTS, type ClientWords } from './lists.js';
import { ScenarioError, type Complaint } from './complaints.js';
import { overlay, type Flags } from './flags.js';
import { resolve } from './resolve.js';
import type { Scenario } from './scenario.js';

export type { Flags } from './flags.js';

/**
 * The scenario of a bare URL: reused and fresh, over https also resumed, everything else by default; then the flags.
 * @throws ScenarioError naming every flag that is wrong
 */
export function scenarioFromUrl(url: string, flags: Flags, clients: readonly ClientWords[] = CLIENTS): Scenario {
  const nothing = { locate: (path: string) => path, readFile: () => new Uint8Array(), clients };
  const of = (target: string) => resolve({ target: { url: target } }, { ...nothing, name: nameOf(target) });
  const asked = of(url);
  const base = asked.scenario ?? of('http://localhost/').scenario; // when the URL is wrong, the flags are still read, to tell all at once
  const wrong = asked.scenario ? [] : asked.flaws.map(({ message }): Complaint => ({ file: '', line: 0, path: '', message }));
  const changed = base && overlay(base, flags, clients);
  if (changed?.scenario && wrong.length === 0) return changed.scenario;
  throw new ScenarioError([...wrong, ...(changed && !changed.scenario ? changed.complaints : [])]);
}

/**
 * The scenario with what the flags say in place of what it said: `--arm` in place of its arms (the bare name of one of them picks it), `--connections` and
 * `--client` in every arm, `--method`, `--body` and `--header` in every request, `--expect` in place of its expectations.
 * @throws ScenarioError naming every flag that is wrong
 */
export function withFlags(scenario: Scenario, flags: Flags, clients: readonly ClientWords[] = CLIENTS): Scenario {
  const changed = overlay(scenario, flags, clients);
  if (!changed.scenario) throw new ScenarioError(changed.complaints);
  return changed.scenario;
}

/** The host and port, fit to name a report. */
function nameOf(url: string): string {
  const name = URL.canParse(url) ? new URL(url).host.replace(/\W+/g, '-').replace(/^[-_]+|-+$/g, '').slice(0, 80) : '';
  return name === '' ? 'scenario' : name;
}
