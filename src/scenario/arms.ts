/** The arms of a scenario: their policies, clients and names, and what must be true of them together. */
import { choose, withDefaults, type AnyOptions, type OptionSpecs, type Step } from '../define.js';
import { suggestion } from '../errors.js';
import * as policies from '../policies/index.js';
import { DEFAULT_CLIENT, type ClientWords } from './lists.js';
import { quoted, type Flaw } from './complaints.js';
import type { Arm } from './scenario.js';
import type { GivenArm } from './schema.js';

/** Each arm at its place, with its defaults filled in; broken ones undefined. */
export function resolveArms(given: readonly (GivenArm | undefined)[]): (Arm | undefined)[] {
  return given.map((entry) => {
    if (!entry) return undefined;
    const policy = choose(policies, entry.policy, 'policy');
    return { name: entry.name ?? entry.policy, policy: policy.kind, options: withDefaults(policy.options, optionsOf(policy.options, entry)), client: entry.client ?? DEFAULT_CLIENT };
  });
}

/** A flaw for each arm that has the name of one before it. */
export function checkNames(arms: readonly (Arm | undefined)[], flaws: Flaw[]): void {
  const taken = new Set<string>();
  arms.forEach((arm, index) => {
    if (!arm) return;
    if (taken.has(arm.name)) flaws.push({ path: ['arms', index], message: `a second arm is named ${quoted(arm.name)}`, remedy: `set name to tell them apart, for example name: ${arm.name}-2` });
    taken.add(arm.name);
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
