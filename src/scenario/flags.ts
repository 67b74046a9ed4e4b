/** The flags of the command line over a scenario: put into the shape of a scenario file and read by the same schema, so that both take and refuse the same words. */
import { choose, withDefaults, type AnyOptions } from '../define.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';
import { checkSupport, defaultBaseline, optionsOf, resolveArms } from './arms.js';
import type { ClientWords } from './clients.js';
import { pathText, quoted, type Complaint, type Flaw, type Path } from './complaints.js';
import { mapping, optionField } from './fields.js';
import { flawsOf } from './flaws.js';
import { strangersIn } from './resolve.js';
import type { Arm, Load, Scenario, Target } from './scenario.js';
import { loadSection, sections, targetSection, tlsSection, type GivenArm, type GivenLoad } from './schema.js';
import { mergeHeaders } from './target.js';
import { holdsPem, lacks } from './tls.js';

/** As typed on the command line; `ca` is the PEM text of the file. */
export interface Flags {
  /** The name of an arm of the scenario, or a policy with options: `capped:requests=100,connections=8`. */
  readonly arm?: readonly string[] | undefined;
  readonly rate?: string | undefined;
  readonly pacer?: string | undefined;
  readonly pacing?: string | undefined;
  readonly duration?: string | undefined;
  readonly warmup?: string | undefined;
  readonly blocks?: string | undefined;
  readonly connections?: string | undefined;
  readonly workers?: string | undefined;
  readonly maxInFlight?: string | undefined;
  readonly client?: string | undefined;
  readonly seed?: string | undefined;
  readonly name?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly ca?: string | undefined;
  /** `name: value` */
  readonly header?: readonly string[] | undefined;
  readonly method?: string | undefined;
  readonly body?: string | undefined;
  readonly expect?: readonly string[] | undefined;
}

export type Overlaid = { readonly scenario: Scenario; readonly complaints: readonly [] } | { readonly scenario: undefined; readonly complaints: readonly Complaint[] };

/** The scenario with the flags in place of what it said, or a complaint for every flag that is wrong. */
export function overlay(scenario: Scenario, flags: Flags, clients: readonly ClientWords[]): Overlaid {
  const complaints: Complaint[] = [];
  const complain = (flag: string, message: string, remedy?: string): void => void complaints.push({ file: '', line: 0, path: flag, message, ...(remedy ? { remedy } : {}) });
  const pacer = Object.values(pacers).find(({ kind }) => kind === flags.pacer)?.kind ?? scenario.load.pacer;
  const raw = written(flags, complain);
  const parsed = flagDocument(pacer).safeParse(raw);
  const flagOf = (path: Path): string => flagAt(path, flags);
  if (!parsed.success) for (const { path, message } of flawsOf(parsed.error.issues)) complain(flagOf(path), message);
  if (flags.pacer !== undefined && pacer !== flags.pacer) complain('--pacer', sentenceOf(sections.load, { pacer: flags.pacer }));
  if (flags.ca !== undefined && !holdsPem(flags.ca, 'ca')) complain('--ca', `the file ${lacks('ca')}`);
  if (!parsed.success || complaints.length > 0) return { scenario: undefined, complaints };

  const given = parsed.data;
  const flaws: Flaw[] = [];
  const arms = overlayArms(scenario, given.arms, flags, flaws, complain);
  checkSupport(arms, clients, flaws);
  const expectations = given.expectations ?? scenario.expectations;
  const names = arms.map(({ name }) => name);
  for (const flaw of strangersIn(expectations, names)) {
    if (given.expectations) flaws.push(flaw);
    else complain('--arm', `${flaw.message}, but the scenario expects ${quoted(expectations[Number(flaw.path[1])]?.text ?? '')}`, 'run that arm too, or give --expect to expect something else');
  }
  for (const { path, message, remedy } of flaws) complain(flagOf(path), message, remedy);
  const load = overlayLoad(scenario.load, pacer, (given.load ?? {}) as GivenLoad, complain);
  if (complaints.length > 0) return { scenario: undefined, complaints };
  return {
    complaints: [],
    scenario: {
      ...scenario,
      name: given.name ?? scenario.name,
      target: overlayTarget(scenario.target, given.target ?? {}, flags.body),
      tls: { ...scenario.tls, insecure: given.tls?.insecure ?? scenario.tls.insecure, ca: flags.ca ?? scenario.tls.ca },
      load,
      arms,
      baseline: names.includes(scenario.baseline) && (!flags.arm || names.length === scenario.arms.length) ? scenario.baseline : defaultBaseline(arms),
      blocks: given.blocks ?? scenario.blocks,
      expectations,
      ...(given.seed === undefined ? {} : { seed: given.seed }),
    },
  };
}

type Complain = (flag: string, message: string, remedy?: string) => void;

/** A scenario file in which nothing is required: what flags may say. */
const flagDocument = (pacer: string) =>
  mapping(
    {
      name: sections.name,
      target: targetSection.pick({ headers: true, method: true }).optional(),
      tls: tlsSection.pick({ insecure: true }).optional(),
      load: loadSection(pacer).partial().optional(),
      arms: sections.arms,
      blocks: sections.blocks,
      expectations: sections.expectations,
      seed: sections.seed,
    },
    'flags',
  );

/** The flags as a scenario file would say them. */
function written(flags: Flags, complain: Complain): Record<string, unknown> {
  const { rate, duration, warmup, workers, maxInFlight, pacing } = flags;
  return said({
    name: flags.name,
    blocks: flags.blocks,
    seed: flags.seed,
    target: said({ method: flags.method, headers: flags.header && writtenHeaders(flags.header, complain) }),
    tls: said({ insecure: flags.insecure }),
    load: said({ rate, duration, warmup, workers, maxInFlight, pacing }),
    arms: flags.arm?.map((arm) => writtenArm(arm, complain)),
    expectations: flags.expect,
  });
}

function writtenHeaders(headers: readonly string[], complain: Complain): Record<string, string> {
  const pairs = headers.flatMap((header): [string, string][] => {
    const colon = header.indexOf(':');
    if (colon > 0) return [[header.slice(0, colon).trim(), header.slice(colon + 1).trim()]];
    complain('--header', `${quoted(header)} is not a header`, "write --header 'name: value'");
    return [];
  });
  return Object.fromEntries(pairs);
}

/** `capped:requests=100,connections=8` → { policy: 'capped', requests: '100', connections: '8' } */
function writtenArm(arm: string, complain: Complain): Record<string, string> {
  const [policy = '', ...rest] = arm.split(':');
  const options = rest.join(':');
  const pairs = options === '' ? [] : options.split(',').map((pair) => pair.split('='));
  const wrong = pairs.find(([key, value, more]) => !key || value === undefined || more !== undefined);
  if (wrong) complain(`--arm ${policy}`, `${quoted(wrong.join('='))} is not an option`, 'write --arm policy:option=value,option=value');
  return { ...Object.fromEntries(wrong ? [] : pairs), policy };
}
