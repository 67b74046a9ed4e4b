/** The arms of a scenario: their policies, clients and names, and what must be true of them together. */
import { choose, withDefaults, type AnyOptions, type OptionSpecs, type Step } from '../define.js';
import { suggestion } from '../errors.js';
import * as policies from '../policies/index.js';
import { DEFAULT_CLIENT, type ClientWords } from './clients.js';
import { quoted, type Flaw } from './complaints.js';
import type { Arm } from './scenario.js';
import type { GivenArm } from './schema.js';

/** Each arm at its place, broken ones undefined; two of the same name are a flaw. */
export function resolveArms(given: readonly (GivenArm | undefined)[], flaws: Flaw[]): (Arm | undefined)[] {
  const taken = new Set<string>();
  return given.map((entry, index) => {
    if (!entry) return undefined;
    const name = entry.name ?? entry.policy;
    if (taken.has(name)) flaws.push({ path: ['arms', index], message: `a second arm is named ${quoted(name)}`, remedy: `set name to tell them apart, for example name: ${name}-2` });
    taken.add(name);
    const policy = choose(policies, entry.policy, 'policy');
    return { name, policy: policy.kind, options: withDefaults(policy.options, optionsOf(policy.options, entry)), client: entry.client ?? DEFAULT_CLIENT };
  });
}

/** A flaw for each arm whose client cannot carry out its policy. */
export function checkSupport(arms: readonly (Arm | undefined)[], clients: readonly ClientWords[], flaws: Flaw[]): void {
  arms.forEach((arm, index) => {
    const client = clients.find(({ kind }) => kind === arm?.client);
    if (!arm || !client) return;
    const supported = client.supports(choose(policies, arm.policy, 'policy').rules(arm.options));
    if (supported !== true) flaws.push({ path: ['arms', index], message: `the client ${client.kind} cannot carry out the arm ${quoted(arm.name)}: ${supported}` });
  });
}

/** The arm named fresh, else the first one that opens every connection anew, else the first. */
export function defaultBaseline(arms: readonly Arm[]): string {
  const baseline = arms.find(({ name }) => name === 'fresh') ?? arms.find(({ policy }) => policy === 'fresh') ?? arms[0];
  return baseline?.name ?? '';
}

/** What to say of a name that no arm has. */
export function stranger(name: string, names: readonly string[]): { message: string; remedy: string } {
  return { message: `there is no arm ${quoted(name)}`, remedy: suggestion(name, names) ?? `the arms are ${names.join(', ')}` };
}

/** The options among everything that was given. */
export function optionsOf(specs: OptionSpecs, given: Readonly<Record<string, number | string | readonly Step[] | undefined>>): AnyOptions {
  const options: Record<string, number | string | readonly Step[]> = {};
  for (const name of Object.keys(specs)) {
    const value = given[name];
    if (value !== undefined) options[name] = value;
  }
  return options;
}
