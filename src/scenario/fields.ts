/** The kinds of values a scenario is written in: each reads what people write, says how an editor checks it, and complains in a sentence. */
import { z } from 'zod';
import type { OptionSpec, OptionSpecs, Step } from '../define.js';
import { suggestion } from '../errors.js';
import { formatDuration, formatRate, NS_PER_S, NS_PER_US, parseDuration, parseRate, type Parsed } from '../units.js';
import { found, quoted } from './complaints.js';

/** A place in the schema that yields a T. */
export type Field<T> = z.ZodType<T>;
export type Scalar = string | number | boolean;
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly complaint: string };

type Json = Readonly<Record<string, unknown>>;

/** Where a reference to the environment may stand in place of a value that is not text. */
const REFERENCE = { type: 'string', pattern: '\\$\\{' } as const;
const LONGEST_NS = 24 * 3600 * NS_PER_S; // timers end at 2^31 ms (24.8 days); a day is more than a round needs
const FASTEST = 1e9; // one a nanosecond, the smallest step of our clock

/** A single value. `example` ends the sentence `write …` when it is missing, empty, or a list. */
export function scalar<T>(summary: string, json: Json, example: string, read: (found: Scalar) => Reading<T>): Field<T> {
  return z
    .unknown()
    .meta({ description: summary, ...json })
    .transform((given, context): T => {
      const reading = typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? read(given) : refuse(notScalar(given, example));
      if (reading.ok) return reading.value;
      context.addIssue({ code: 'custom', message: reading.complaint, input: given });
      return z.NEVER;
    });
}

/** The field of a pacer's or policy's option. */
export function optionField(spec: OptionSpec): Field<number | string | readonly Step[]> {
  switch (spec.type) {
    case 'count':
      return count(spec.summary, spec);
    case 'duration':
      return duration(spec.summary, spec);
    case 'rate':
      return rate(spec.summary, spec);
    case 'choice':
      return choice(spec.summary, spec.choices, spec.default);
    case 'steps':
      return steps(spec.summary);
    default:
      return spec satisfies never;
  }
}

/** The fields of all options. Those with a default may be left out. */
export function optionFields(specs: OptionSpecs): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.type === 'steps' || spec.default === undefined ? optionField(spec) : optionField(spec).optional()]));
}

export function count(summary: string, { default: usual, min = 0, max = 1e9 }: { readonly default?: number; readonly min?: number; readonly max?: number }): Field<number> {
  const example = `a whole number like ${usual ?? Math.max(min, 1)}`;
  const json = { anyOf: [{ type: 'integer', minimum: min, maximum: max }, { type: 'string', pattern: '^\\s*\\d+\\s*$|\\$\\{' }], ...usually(usual) };
  return scalar(summary, json, example, (given) => {
    const value = typeof given === 'string' && /^\s*-?\d+\s*$/.test(given) ? Number(given) : given;
    if (typeof value !== 'number' || !Number.isInteger(value)) return refuse(`${plain(given)} is not a whole number; write one like ${usual ?? Math.max(min, 1)}`);
    if (value < min) return refuse(`${value} is too small; write ${min} or more`);
    return value > max ? refuse(`${value} is too large; write ${max} or less`) : accept(value);
  });
}

/** In ns. Complaints about the unit are those of units.ts, word for word. */
export function duration(summary: string, { default: usual, min = 0 }: { readonly default?: number; readonly min?: number }): Field<number> {
  const pattern = '^\\s*(\\d+(\\.\\d+)?|\\.\\d+)\\s*(ns|us|µs|ms|s|m|min|h)\\s*$|^\\s*0+\\s*$|\\$\\{';
  const json = { anyOf: [{ type: 'string', pattern }, { const: 0 }], ...usually(usual === undefined ? undefined : formatDuration(usual)) };
  const example = usual ? formatDuration(usual) : '250ms';
  return scalar(summary, json, `a duration like ${example}`, (given) =>
    within(parseDuration(oneLine(given)), (ns) => {
      if (ns < min) return `${quoted(String(given))} is too short; write ${min < NS_PER_US ? `one above 0, like ${example}` : `${formatDuration(min)} or more`}`;
      return ns > LONGEST_NS ? `${quoted(String(given))} is too long; write ${formatDuration(LONGEST_NS)} or less` : undefined;
    }),
  );
}

/** Per second. Complaints about the unit are those of units.ts, word for word. */
export function rate(summary: string, { default: usual, zero = false }: { readonly default?: number; readonly zero?: boolean }): Field<number> {
  const pattern = '^\\s*(\\d+(\\.\\d+)?|\\.\\d+)\\s*[kK]?\\s*/\\s*(s|m|min|h)\\s*$|\\$\\{';
  const json = { type: 'string', pattern, ...usually(usual === undefined ? undefined : formatRate(usual)) };
  const example = usual ? formatRate(usual) : '500/s';
  return scalar(summary, json, `a rate like ${example}`, (given) =>
    within(parseRate(oneLine(given)), (perSecond) => {
      if (perSecond === 0 && !zero) return `${quoted(String(given))} sends nothing; write a rate above 0, like ${example}`;
      return perSecond > FASTEST ? `${quoted(String(given))} is too fast; write 1000000k/s or less` : undefined;
    }),
  );
}

export function choice<const C extends string>(summary: string, choices: readonly C[], usual?: string): Field<C> {
  return scalar(summary, { anyOf: [{ enum: choices }, REFERENCE], ...usually(usual) }, `one of ${choices.join(', ')}`, (given) => {
    const chosen = choices.find((word) => word === given);
    return chosen === undefined ? refuse(`${plain(given)} is not one of ${choices.join(', ')}; ${suggestion(String(given), choices) ?? `write ${usual ?? choices[0]}`}`) : accept(chosen);
  });
}

export function flag(summary: string, usual: boolean): Field<boolean> {
  return scalar(summary, { anyOf: [{ type: 'boolean' }, { enum: ['true', 'false'] }, REFERENCE], ...usually(usual) }, 'true or false', (given) => {
    if (given === true || given === 'true') return accept(true);
    return given === false || given === 'false' ? accept(false) : refuse(`${plain(given)} is neither true nor false`);
  });
}

/** Text; numbers must be put in quotes, because `01` and `1e3` do not mean what they look like. `check` says what is wrong, or nothing. */
export function text(summary: string, json: Json, example: string, check: (text: string) => string | undefined = () => undefined): Field<string> {
  return scalar(summary, { type: 'string', ...json }, example, (given) => {
    if (typeof given !== 'string') return refuse(`found ${found(given)}; put it in quotes: "${given}"`);
    const complaint = check(given);
    return complaint === undefined ? accept(given) : refuse(complaint);
  });
}

/** A mapping whose keys are all known. `example` ends the sentence `write …`; `others` may say more about a key that is not known. */
export function mapping<S extends z.ZodRawShape>(shape: S, example: string, others: (key: string) => string | undefined = () => undefined): z.ZodObject<S, z.core.$strict> {
  const keys = Object.keys(shape);
  const unknown = (key: string): string => others(key) ?? `unknown key; ${suggestion(key, keys) ?? `the keys here are ${keys.join(', ')}`}`;
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? (issue.keys as string[]).map(unknown).join('\n') : shapeComplaint(issue, example)) });
}

/** What to say of a list or mapping that is neither, or is empty. */
export function shapeComplaint(issue: { readonly code?: string | undefined; readonly input?: unknown }, example: string): string {
  return issue.code === 'too_small' ? `the list is empty; write ${example}` : notScalar(issue.input, example);
}

export const accept = <T>(value: T): Reading<T> => ({ ok: true, value });
export const refuse = (complaint: string): Reading<never> => ({ ok: false, complaint });

/** Texts in quotes, other values bare. */
export const plain = (given: Scalar): string => (typeof given === 'string' ? quoted(given) : String(given));

function steps(summary: string): Field<readonly Step[]> {
  const step = mapping({ rate: rate('requests per second during the step', { zero: true }), for: duration('how long the step lasts', { min: 1 }) }, '{ rate: 100/s, for: 5s }');
  return z
    .array(step, { error: (issue) => shapeComplaint(issue, 'a list of steps like [{ rate: 100/s, for: 5s }]') })
    .min(1)
    .describe(summary)
    .transform((list, context) => {
      if (list.every(({ rate }) => rate === 0)) context.addIssue({ code: 'custom', message: 'every step has the rate 0 and sends nothing; give one of them a rate like 100/s', input: list });
      return list.map(({ rate, for: forNs }) => ({ rate, forNs }));
    });
}

function notScalar(given: unknown, example: string): string {
  if (given === undefined) return `missing; write ${example}`;
  return given === null ? `nothing is written here; write ${example}, or take the key away` : `found ${found(given)}; write ${example}`;
}

function within(parsed: Parsed, check: (value: number) => string | undefined): Reading<number> {
  if (!parsed.ok) return parsed;
  const complaint = check(parsed.value);
  return complaint === undefined ? parsed : refuse(complaint);
}

/** Units.ts quotes what it was given, and a complaint is one line. */
function oneLine(given: Scalar): string {
  const line = String(given).replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}

function usually(value: Scalar | undefined): Json {
  return value === undefined ? {} : { default: value };
}
