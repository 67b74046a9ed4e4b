/** From what was written to what is meant: defaults filled in, files read, and the checks that need to see more than one place. */
import { choose, withDefaults } from '../define.js';
import * as pacers from '../pacers/index.js';
import { checkNames, checkSupport, defaultBaseline, optionsOf, resolveArms, stranger } from './arms.js';
import { CLIENTS, type ClientWords } from './lists.js';
import type { Flaw } from './complaints.js';
import { resolveDeclared, resolveUntil, untilNeedsTwo } from './declared.js';
import { DEFAULTS, defaultPolicies } from './defaults.js';
import { armsOf } from './expectation.js';
import type { Files } from './files.js';
import { flawsOf } from './flaws.js';
import type { Expectation, Load, Scenario, Timeouts } from './scenario.js';
import { scenarioFile, sections, type GivenArm, type GivenLoad, type GivenProbe, type GivenScenario, type GivenTimeouts } from './schema.js';
import { resolveTarget } from './target.js';
import { resolveTls } from './tls.js';

/** What a scenario is read within. */
export interface Surroundings extends Files {
  /** The name of a scenario that does not name itself. */
  readonly name: string;
  readonly clients?: readonly ClientWords[];
}

export type Resolved = { readonly scenario: Scenario } | { readonly scenario: undefined; readonly flaws: readonly Flaw[] };

/** Reads a scenario from plain data. Sound parts are checked against each other even when others are broken, so that one reading tells everything. */
export function resolve(raw: unknown, surroundings: Surroundings): Resolved {
  const { given, flaws } = readSections(raw);
  const target = given.target && resolveTarget(given.target, surroundings, flaws);
  const tls = resolveTls(given.tls ?? {}, surroundings, flaws);
  const https = target?.url.startsWith('https:') ?? true; // unknown: assume the longer list, so that no arm is missed without need
  const arms = resolveArms(given.arms ?? defaultPolicies(https).map((policy) => ({ policy })));
  checkNames(arms, flaws);
  checkSupport(arms, surroundings.clients ?? CLIENTS, flaws);
  const names = armNames(raw, arms);
  if (names && given.baseline !== undefined && !names.includes(given.baseline)) flaws.push({ path: ['baseline'], ...stranger(given.baseline, names) });
  const expectations = given.expectations ?? [];
  if (names) flaws.push(...strangersIn(expectations, names));
  const until = resolveUntil(given.until);
  const alone = untilNeedsTwo(until, arms.length);
  if (alone) flaws.push({ path: ['until'], ...alone });
  if (flaws.length > 0 || !target) return { scenario: undefined, flaws };
  const sound = arms.filter((arm) => arm !== undefined);
  return {
    scenario: {
      name: given.name ?? surroundings.name,
      target,
      tls,
      load: resolveLoad(given.load ?? {}),
      arms: sound,
      baseline: given.baseline ?? defaultBaseline(sound),
      blocks: given.blocks ?? DEFAULTS.blocks,
      until,
      declared: resolveDeclared(given.verdict),
      timeouts: resolveTimeouts(given.timeouts ?? {}),
      expectations: expectations.filter((expectation) => expectation !== undefined),
      ...(given.seed === undefined ? {} : { seed: given.seed }),
      ...resolveProbe(given.probe),
    },
  };
}

/** A flaw for each arm that an expectation names and that does not run. */
export function strangersIn(expectations: readonly (Expectation | undefined)[], names: readonly string[]): Flaw[] {
  return expectations.flatMap((expectation, index) => {
    const unknown = expectation ? [...new Set(armsOf(expectation))].filter((name) => !names.includes(name)) : [];
    return unknown.map((name) => ({ path: ['expectations', index], ...stranger(name, names) }));
  });
}

/** The sections that could be read; of a broken list, the members that could, each at its place. */
type Readable = Partial<Omit<GivenScenario, 'arms' | 'expectations'>> & {
  readonly arms?: readonly (GivenArm | undefined)[] | undefined;
  readonly expectations?: readonly (Expectation | undefined)[] | undefined;
};

function readSections(raw: unknown): { given: Readable; flaws: Flaw[] } {
  const whole = scenarioFile.safeParse(raw);
  if (whole.success) return { given: whole.data, flaws: [] };
  const flaws = flawsOf(whole.error.issues);
  const parts = typeof raw === 'object' && raw !== null ? Object.entries(raw) : [];
  const read = parts.flatMap(([key, value]): [string, unknown][] => {
    const section = Object.hasOwn(sections, key) ? sections[key as keyof typeof sections] : undefined;
    const parsed = section?.safeParse(value);
    if (parsed?.success) return [[key, parsed.data]];
    return Array.isArray(value) && (key === 'arms' || key === 'expectations') ? [[key, value.map((member) => sections[key].unwrap().element.safeParse(member).data)]] : [];
  });
  return { given: Object.fromEntries(read) as Readable, flaws };
}

/** The names of the arms, or undefined when the arms are too broken to tell. */
function armNames(raw: unknown, arms: readonly ({ readonly name: string } | undefined)[]): readonly string[] | undefined {
  const written = (raw as { readonly arms?: unknown } | null | undefined)?.arms;
  if (written !== undefined && !Array.isArray(written)) return undefined;
  const names = arms.map((arm, index) => {
    const given: unknown = written?.[index];
    const said = given as { readonly name?: unknown; readonly policy?: unknown } | null | undefined;
    return arm?.name ?? [said?.name, said?.policy, given].find((name) => typeof name === 'string');
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

function resolveLoad(given: GivenLoad): Load {
  const pacer = choose(pacers, given.pacer ?? DEFAULTS.pacer, 'pacer');
  return {
    pacer: pacer.kind,
    options: withDefaults(pacer.options, optionsOf(pacer.options, given)),
    durationNs: given.duration ?? DEFAULTS.durationNs,
    warmupNs: given.warmup ?? DEFAULTS.warmupNs,
    washoutNs: given.washout ?? DEFAULTS.washoutNs,
    workers: given.workers ?? DEFAULTS.workers,
    maxInFlight: given.maxInFlight ?? DEFAULTS.maxInFlight,
    pacing: given.pacing ?? DEFAULTS.pacing,
  };
}

function resolveProbe(given: GivenProbe | undefined): Pick<Scenario, 'probe'> {
  if (given === undefined || given === false) return {};
  const { cap = DEFAULTS.probeCapNs, maxRequests = DEFAULTS.probeMaxRequests, slow = '', badRequest = false } = given === true ? {} : given;
  return { probe: { capNs: cap, maxRequests, slowPath: slow, badRequest } };
}

function resolveTimeouts(given: GivenTimeouts): Timeouts {
  return { connectNs: given.connect ?? DEFAULTS.connectNs, responseNs: given.response ?? DEFAULTS.responseNs, closeNs: given.close ?? DEFAULTS.closeNs };
}
