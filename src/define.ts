/** The seams of sameconn: what a pacer, a policy, a client, a reporter and a command are, and how one is picked from its list. */
import { RequestError, suggestion } from './errors.js';

/** A duration or an instant, in whole nanoseconds. Instants count from the start instant of their round unless a name says otherwise. */
export type Ns = number;
/** Events per second. */
export type PerSecond = number;

// ---------------------------------------------------------------------------------------------- options as data

/** One option of a pacer or policy, described as data so that the loader, `--help`, the JSON Schema and the docs all read the same words. */
export type OptionSpec =
  | { readonly type: 'count'; readonly summary: string; readonly default?: number; readonly min?: number; readonly max?: number }
  | { readonly type: 'duration'; readonly summary: string; readonly default?: Ns; readonly min?: Ns }
  | { readonly type: 'rate'; readonly summary: string; readonly default?: PerSecond; readonly zero?: boolean }
  | { readonly type: 'choice'; readonly summary: string; readonly choices: readonly string[]; readonly default?: string }
  | { readonly type: 'steps'; readonly summary: string };

/** One step of a stepped load: this rate, for this long. */
export interface Step {
  readonly rate: PerSecond;
  readonly forNs: Ns;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type OptionValue<S extends OptionSpec> = S extends { type: 'choice'; choices: readonly (infer C)[] } ? C : S extends { type: 'steps' } ? readonly Step[] : number;

/** The values of a set of options, after parsing: durations in ns, rates per second, counts as integers. */
export type OptionValues<S extends OptionSpecs> = { readonly [K in keyof S]: OptionValue<S[K]> };
export type AnyOptions = Readonly<Record<string, number | string | readonly Step[]>>;

// ---------------------------------------------------------------------------------------------- pacers

/** When requests leave. Pure: the same options and seed give the same instants. */
export type Pacer = OpenPacer | ClosedPacer;

interface PacerBase {
  readonly kind: string;
  readonly summary: string;
  readonly options: OptionSpecs;
}

/** Open loop: arrivals do not wait for responses. */
export interface OpenPacer extends PacerBase {
  readonly model: 'open';
  /** Intended instants (ns from the start of the round), never decreasing. May be endless: the reader stops at the end of its window. */
  arrivals(options: AnyOptions, random: () => number): Iterable<Ns>;
  /** Expected number of arrivals in [0, untilNs). */
  expected(options: AnyOptions, untilNs: Ns): number;
}

/** Closed loop: a fixed number of requests in flight; the next leaves when one returns. */
export interface ClosedPacer extends PacerBase {
  readonly model: 'closed';
  inFlight(options: AnyOptions): number;
}

export function defineOpenPacer<const S extends OptionSpecs>(pacer: {
  kind: string;
  summary: string;
  options: S;
  arrivals(options: OptionValues<S>, random: () => number): Iterable<Ns>;
  expected(options: OptionValues<S>, untilNs: Ns): number;
}): OpenPacer {
  return { model: 'open', ...pacer } as unknown as OpenPacer;
}

export function defineClosedPacer<const S extends OptionSpecs>(pacer: {
  kind: string;
  summary: string;
  options: S;
  inFlight(options: OptionValues<S>): number;
}): ClosedPacer {
  return { model: 'closed', ...pacer } as unknown as ClosedPacer;
}

// ---------------------------------------------------------------------------------------------- policies

/** How connections are used, as data that any client can carry out. */
export interface ConnectionRules {
  /** Most connections in use at one instant, over all workers. */
  readonly connections: number;
  /** Requests that one connection may carry; Infinity for no bound. */
  readonly requestsPerConnection: number;
  /** A connection rests at least this long between two requests. */
  readonly restNs: Ns;
  /** `none`: every handshake is full. `kept`: each slot offers the newest session it was given. */
  readonly tlsSession: 'none' | 'kept';
  /** Who ends a connection that has carried its share: `server` says `Connection: close` and waits for the FIN, `client` sends a FIN, `reset` an RST. */
  readonly closeBy: 'server' | 'client' | 'reset';
  readonly protocol: 'http/1.1';
}

/** Whole numbers from `min` to `max`, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What a policy promises about one round, warm-up included. The TLS ranges hold for https targets only. */
export interface PolicyPromise {
  readonly opened: Range;
  readonly tlsFull: Range;
  readonly tlsResumed: Range;
}

export interface Policy {
  readonly kind: string;
  readonly summary: string;
  readonly options: OptionSpecs;
  rules(options: AnyOptions): ConnectionRules;
  /** @param requests requests of one round that reached a connection, warm-up included */
  promise(requests: number, options: AnyOptions): PolicyPromise;
}

export function definePolicy<const S extends OptionSpecs>(policy: {
  kind: string;
  summary: string;
  options: S;
  rules(options: OptionValues<S>): ConnectionRules;
  promise(requests: number, options: OptionValues<S>): PolicyPromise;
}): Policy {
  return policy as unknown as Policy;
}

// ---------------------------------------------------------------------------------------------- lists

/** A list is a module of one-line exports: `import * as pacers from './pacers/index.js'`. */
export type List<T> = Readonly<Record<string, T>>;

/** Picks the member called `kind` from a list of pacers, policies, clients, reporters …; an unknown name is a RequestError with a suggestion. */
export function choose<T extends { readonly kind: string }>(list: List<T>, kind: string, what: string): T {
  const members = Object.values(list);
  const found = members.find((member) => member.kind === kind);
  if (found) return found;
  const kinds = members.map((member) => member.kind);
  throw new RequestError(`there is no ${what} "${kind}"`, suggestion(kind, kinds) ?? `choose one of: ${kinds.join(', ')}`);
}

/** The options with every default filled in. */
export function withDefaults(specs: OptionSpecs, given: AnyOptions): AnyOptions {
  const filled: Record<string, number | string | readonly Step[]> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name] ?? (spec.type === 'steps' ? undefined : spec.default);
    if (value !== undefined) filled[name] = value;
  }
  return filled;
}
