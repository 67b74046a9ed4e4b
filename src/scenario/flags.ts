/** Flags of the command line over a scenario: what they say stands in place of what it said. */
import { choose, withDefaults, type OptionSpec } from '../define.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';
import { checkNames, checkSupport, defaultBaseline, optionsOf, resolveArms } from './arms.js';
import { noSuch, quoted, type Complaint, type Flaw } from './complaints.js';
import { optionField } from './fields.js';
import { resolveDeclared, resolveUntil, untilNeedsTwo, type SomeOf } from './declared.js';
import { flagDocument, flagSchema, type AskedArm, type Complain, type Flags } from './flag-document.js';
import { flawsOf } from './flaws.js';
import { PACERS, POLICIES, type ClientWords } from './lists.js';
import { strangersIn } from './resolve.js';
import type { Arm, Load, RequestSpec, Scenario, Target, Until } from './scenario.js';
import type { GivenArm, GivenLoad, GivenUntil } from './schema.js';
import { mergeHeaders } from './target.js';
import { holdsPem, lacks } from './tls.js';

export type { Flags } from './flag-document.js';

/** The changed scenario, or a complaint for every flag that is wrong. */
export type Overlaid = { readonly scenario: Scenario } | { readonly scenario: undefined; readonly complaints: readonly Complaint[] };

export function overlay(scenario: Scenario, flags: Flags, clients: readonly ClientWords[]): Overlaid {
  const complaints: Complaint[] = [];
  const complain: Complain = (flag, message, remedy) => void complaints.push({ file: '', line: 0, path: flag, message, ...(remedy ? { remedy } : {}) });
  const pacer = knownPacer(flags.pacer, complain) ?? scenario.load.pacer;
  const document = flagDocument(flags, scenario.arms, complain);
  const parsed = flagSchema(pacer).safeParse(document.raw);
  if (!parsed.success) for (const { path, message } of flawsOf(parsed.error.issues)) complain(document.flagAt(path), message);
  if (flags.ca !== undefined && !holdsPem(flags.ca, 'ca')) complain('--ca', `the file ${lacks('ca')}`);
  const client = flags.client;
  const kinds = clients.map(({ kind }) => kind);
  if (client !== undefined && !kinds.includes(client)) complain('--client', noSuch('client', client, kinds));
  const connections = sharedConnections(flags.connections, complain);
  if (!parsed.success || complaints.length > 0) return { scenario: undefined, complaints };

  const given = parsed.data;
  const fresh = resolveArms(given.arms ?? []).flatMap((arm, index) => (arm ? [{ arm, given: given.arms?.[index] }] : []));
  const asked: readonly AskedArm[] = document.arms ?? scenario.arms.map((arm) => ({ type: 'kept', arm }));
  const arms: Arm[] = asked.flatMap((one) => {
    const made = one.type === 'kept' ? { arm: one.arm, given: undefined } : fresh[one.index];
    return made ? [overArm(made.arm, made.given, connections, client)] : [];
  });
  const flaws: Flaw[] = [];
  checkNames(arms, flaws);
  for (const { message } of flaws) complain('--arm', message, 'give it a name: --arm policy:name=another');
  const unsupported: Flaw[] = [];
  checkSupport(arms, clients, unsupported);
  for (const { message } of unsupported) complain(client === undefined ? '--arm' : '--client', message);
  const names = arms.map(({ name }) => name);
  const expectations = given.expectations ?? scenario.expectations;
  for (const { path, message, remedy } of strangersIn(expectations, names)) {
    if (given.expectations) complain('--expect', message, remedy);
    else complain('--arm', `${message}, but the scenario expects ${quoted(expectations[Number(path[1])]?.text ?? '')}`, 'run that arm too, or give --expect to expect something else');
  }
  const until = overUntil(scenario.until, given.until, flags, arms.length, complain);
  const load = overLoad(scenario.load, pacer, (given.load ?? {}) as GivenLoad, complain);
  if (complaints.length > 0) return { scenario: undefined, complaints };
  return {
    scenario: {
      ...scenario,
      name: given.name ?? scenario.name,
      target: overTarget(scenario.target, given.target?.method, given.target?.headers ?? {}, flags.body),
      tls: { ...scenario.tls, insecure: given.tls?.insecure ?? scenario.tls.insecure, ca: flags.ca ?? scenario.tls.ca },
      load,
      arms,
      baseline: names.includes(scenario.baseline) ? scenario.baseline : defaultBaseline(arms),
      blocks: given.blocks ?? scenario.blocks,
      until,
      declared: resolveDeclared(given.verdict, scenario.declared),
      expectations,
      ...(given.seed === undefined ? {} : { seed: given.seed }),
    },
  };
}

function knownPacer(kind: string | undefined, complain: Complain): string | undefined {
  const kinds = PACERS.map((pacer) => pacer.kind);
  if (kind === undefined || kinds.includes(kind)) return kind;
  complain('--pacer', noSuch('pacer', kind, kinds));
  return undefined;
}

/** The value of --connections, read as every policy that takes it would. */
function sharedConnections(connections: string | undefined, complain: Complain): number | undefined {
  if (connections === undefined) return undefined;
  const specs = POLICIES.flatMap(({ options }): OptionSpec[] => (options.connections ? [options.connections] : []));
  const parsed = specs.map((spec) => optionField(spec).safeParse(connections));
  const refused = parsed.find(({ success }) => !success);
  if (refused) complain('--connections', refused.error?.issues[0]?.message ?? '');
  const value = parsed[0]?.data;
  return typeof value === 'number' ? value : undefined;
}

/** What an arm says of itself on the command line counts before what is said to all. */
function overArm(arm: Arm, given: GivenArm | undefined, connections: number | undefined, client: string | undefined): Arm {
  const takes = connections !== undefined && given?.connections === undefined && Object.hasOwn(choose(policies, arm.policy, 'policy').options, 'connections');
  return { ...arm, options: takes ? { ...arm.options, connections } : arm.options, client: given?.client ?? client ?? arm.client };
}

/** Another pacer keeps the options that mean the same to it: a rate stays a rate. */
function overLoad(load: Load, kind: string, given: GivenLoad, complain: Complain): Load {
  const before = choose(pacers, load.pacer, 'pacer');
  const pacer = choose(pacers, kind, 'pacer');
  const kept = Object.fromEntries(Object.entries(load.options).filter(([name]) => pacer.options[name] !== undefined && pacer.options[name].type === before.options[name]?.type));
  const options = withDefaults(pacer.options, { ...kept, ...optionsOf(pacer.options, given) });
  for (const name of Object.keys(pacer.options)) if (options[name] === undefined) complain('--pacer', `the pacer "${kind}" needs ${name}`, 'no flag can say that; write it in a scenario file');
  return {
    pacer: kind,
    options,
    durationNs: given.duration ?? load.durationNs,
    warmupNs: given.warmup ?? load.warmupNs,
    washoutNs: given.washout ?? load.washoutNs,
    workers: given.workers ?? load.workers,
    maxInFlight: given.maxInFlight ?? load.maxInFlight,
    pacing: given.pacing ?? load.pacing,
  };
}

/** A quick look goes on no longer than it says, unless the command line itself asks for a precision. */
function overUntil(before: Until | null, given: SomeOf<GivenUntil> | undefined, { quick, untilPrecision }: Flags, arms: number, complain: Complain): Until | null {
  const until = resolveUntil(given, quick === true ? null : before);
  if (until === null && given?.maxBlocks !== undefined) complain('--max-blocks', 'nothing here goes on until it is precise', 'give --until-precision too, or --blocks in its place');
  if (until === null && given?.maxTime !== undefined) complain('--max-time', 'nothing here goes on until it is precise', 'give --until-precision too');
  const alone = untilNeedsTwo(until, arms);
  if (alone) complain(untilPrecision === undefined ? '--arm' : '--until-precision', alone.message, alone.remedy);
  return until;
}

function overTarget(target: Target, method: string | undefined, headers: Readonly<Record<string, string>>, body: string | undefined): Target {
  const requests = target.requests.map((request): RequestSpec => {
    const unnamed = request.name === `${request.method} ${request.path}`;
    return {
      ...request,
      method: method ?? request.method,
      name: unnamed ? `${method ?? request.method} ${request.path}` : request.name,
      headers: mergeHeaders(request.headers, headers),
      body: body === undefined ? request.body : new TextEncoder().encode(body),
    };
  });
  return { ...target, requests };
}
