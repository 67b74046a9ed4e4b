/** The schema of scenario files: what people may write, in one place for the loader, the flags, editors and the docs. Defaults are told here and filled in by resolve.ts. */
import { z } from 'zod';
import { choose, type OptionSpecs, type Step } from '../define.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';
import { NS_PER_MS, NS_PER_US } from '../units.js';
import { found, noSuch, quoted } from './complaints.js';
import { DEFAULTS, FEWEST_BLOCKS_UNTIL } from './defaults.js';
import { parseExpectation } from './expectation.js';
import { accept, choice, count, duration, flag, mapping, optionFields, refuse, scalar, shapeComplaint, text, type Field } from './fields.js';
import { body, headers, localAddress, method, path, status, url } from './http-fields.js';
import { CLIENTS, DEFAULT_CLIENT, PACERS, POLICIES } from './lists.js';
import type { Expectation } from './scenario.js';

export const requestEntry = mapping(
  {
    name: text('name of the request in reports; default: its method and path', {}, 'a name like "list items"').optional(),
    method: method.optional(),
    path: path.optional(),
    headers: headers('headers of this request, over those of the target').optional(),
    body: body.optional(),
    weight: weight().optional(),
  },
  '{ path: /items, weight: 3 }',
);

export const targetSection = mapping(
  {
    url,
    method: method.optional(),
    headers: headers('headers of every request').optional(),
    body: body.optional(),
    requests: listOf(requestEntry, '[{ path: /items }]', 'several requests, drawn by weight; paths resolve against url').optional(),
    expectStatus: oneOrMany(status, '[2xx, 3xx]', 'codes and classes that count as completed', DEFAULTS.expectStatus).optional(),
    localAddress: oneOrMany(localAddress, '[127.0.0.2]', 'source addresses, given to connections in turn').optional(),
    socketPath: text('a unix socket to connect to in place of the url’s host', {}, 'a path like /run/app.sock').optional(),
  },
  '{ url: https://staging.example.com/ }',
).describe('where the requests go, and what they are');

export const tlsSection = mapping(
  {
    ca: text('PEM file of the authorities to trust, in place of the system’s', {}, 'a path like ./ca.pem').optional(),
    insecure: flag('do not check the server’s certificate', false).optional(),
    servername: text('name for SNI and for checking the certificate; default: the url’s host', {}, 'a name like staging.example.com').optional(),
    cert: text('PEM file of the client’s certificate', {}, 'a path like ./client.pem').optional(),
    key: text('PEM file of the client’s key', {}, 'a path like ./client-key.pem').optional(),
    minVersion: choice('oldest TLS version', ['TLSv1.2', 'TLSv1.3'], DEFAULTS.minVersion).optional(),
    maxVersion: choice('newest TLS version', ['TLSv1.2', 'TLSv1.3'], DEFAULTS.maxVersion).optional(),
    ciphers: text('cipher suites by their OpenSSL names, between colons', {}, 'names like TLS_AES_128_GCM_SHA256').optional(),
    ecdhCurve: text('groups for the key exchange, between colons', {}, 'names like X25519:P-256').optional(),
  },
  '{ ca: ./ca.pem }',
).describe('how TLS is spoken; file paths are relative to the scenario file');

export const untilSection = mapping(
  {
    precision: duration('half-width of the primary intervals at which the run ends; it never ends for where they lie', { min: NS_PER_US }),
    maxBlocks: count('ends there all the same', { default: DEFAULTS.maxBlocks, min: FEWEST_BLOCKS_UNTIL, max: 1000 }).optional(),
    maxTime: duration('begins no block that would end later', { default: DEFAULTS.maxTimeNs, min: NS_PER_MS }).optional(),
  },
  '{ precision: 0.2ms }',
).describe('go on, block by block, until the difference is known this well; `blocks` is then the fewest, 6 at least');

export const verdictSection = mapping(
  {
    quantiles: listOf(choice('a quantile', ['p50', 'p90', 'p99', 'p999']), '[p50, p99]', `what the verdict rests on, the others explore; default: ${DEFAULTS.quantiles.join(' and ')}`).optional(),
    margin: duration('below which difference nobody should care; default: the larger of 0.1ms and 2 % of the baseline', { min: NS_PER_US }).optional(),
  },
  '{ quantiles: [p50, p90], margin: 0.5ms }',
).describe('what the verdict rests on, declared before the run');

/** What stands in `load` beside the pacer's own options. */
const loadFields = {
  duration: duration('measured window of one round', { default: DEFAULTS.durationNs, min: NS_PER_MS }).optional(),
  warmup: duration('time before the window, under load but not measured', { default: DEFAULTS.warmupNs }).optional(),
  washout: duration('pause between two rounds, at least; it lasts on, 60s at most, while a tenth of the local ports is in TIME_WAIT', { default: DEFAULTS.washoutNs }).optional(),
  workers: workers().optional(),
  maxInFlight: count('requests under way at once; an arrival above it is shed', { default: DEFAULTS.maxInFlight, min: 1, max: 1_000_000 }).optional(),
  pacing: choice('hybrid: a timer, then turning to the instant; timer: only the timer (1 ms), where the server shares the cores', ['hybrid', 'timer'], DEFAULTS.pacing).optional(),
};

/** The options and the general keys of `load` for one pacer. */
export function loadSection(kind: string): z.ZodObject<Record<string, z.ZodType>, z.core.$strict> {
  const pacer = choose(pacers, kind, 'pacer');
  const name = z.literal(kind).describe(`${pacer.model} loop: ${pacer.summary}`);
  const shape = { pacer: kind === DEFAULTS.pacer ? name.optional() : name, ...optionFields(pacer.options), ...loadFields };
  return mapping<Record<string, z.ZodType>>(shape, '{ rate: 200/s, duration: 2s }', (key) => elsewhere('pacer', pacer, PACERS, key));
}

/** One arm under one policy. */
function armSection(kind: string): z.ZodObject<Record<string, z.ZodType>, z.core.$strict> {
  const policy = choose(policies, kind, 'policy');
  const shape = {
    policy: z.literal(kind).describe(policy.summary),
    ...optionFields(policy.options),
    name: armName('name in the report; default: the policy').optional(),
    client: choice('who carries out the policy', CLIENTS.map((client) => client.kind), DEFAULT_CLIENT).optional(),
  };
  return mapping<Record<string, z.ZodType>>(shape, '{ policy: reused }', (key) => elsewhere('policy', policy, POLICIES, key));
}

const arm = z
  .union([policyName(), oneOfKinds('policy', POLICIES.map(({ kind }) => armSection(kind)), POLICIES, '{ policy: reused }')], {
    error: (issue) => shapeComplaint(issue, 'a policy like reused, or { policy: reused, connections: 8 }'),
  })
  .transform((given): GivenArm => (typeof given === 'string' ? { policy: given } : (given as GivenArm)));

const anyLoad = oneOfKinds('pacer', PACERS.map(({ kind }) => loadSection(kind)), PACERS, '{ rate: 200/s, duration: 2s }') as Field<GivenLoad>;

/** Every section of a scenario file by its key. */
export const sections = {
  name: text('name of the run and of its report; default: the file’s name', { pattern: '^[A-Za-z0-9][\\w.-]{0,79}$|\\$\\{' }, 'a name like staging', (name) =>
    /^[A-Za-z0-9][\w.-]{0,79}$/.test(name) ? undefined : `${quoted(name)} cannot be part of a file name; use letters, digits, ., _ and -, at most 80`,
  ).optional(),
  target: targetSection,
  tls: tlsSection.optional(),
  load: anyLoad.describe('how hard: a pacer with its options, and how long').optional(),
  arms: listOf(arm, '[reused, fresh]', 'what is compared: policies with their options; default: reused, fresh, and resumed over https').optional(),
  baseline: armName('the arm that the others are compared with; default: fresh, else the first').optional(),
  blocks: count('how many times every arm runs, in interleaved order', { default: DEFAULTS.blocks, min: 1, max: 1000 }).optional(),
  until: untilSection.optional(),
  verdict: verdictSection.optional(),
  timeouts: mapping(
    {
      connect: duration('for the TCP and TLS handshakes together', { default: DEFAULTS.connectNs, min: NS_PER_MS }).optional(),
      response: duration('from the dispatch of a request to its last byte', { default: DEFAULTS.responseNs, min: NS_PER_MS }).optional(),
      close: duration('how long an announced close may take', { default: DEFAULTS.closeNs, min: NS_PER_MS }).optional(),
    },
    '{ connect: 5s, response: 10s }',
  )
    .describe('after which time a thing counts as failed')
    .optional(),
  expectations: listOf(expectation(), '["reused.response.p99 < 20ms"]', 'what must hold; a run that breaks one ends with exit code 1').optional(),
  probe: probe().describe('true, or settings: measure the server’s keep-alive contract when the rounds are over').optional(),
  seed: count('makes the schedule and the order of the arms again; default: drawn, and written into the result', { max: 2 ** 32 - 1 }).optional(),
};

export const scenarioFile = mapping(sections, 'target: with a url: under it').describe('What sameconn is asked: a target, a load, and the arms that are compared.');

/** A scenario as written, units read, nothing filled in. */
export type GivenScenario = z.output<typeof scenarioFile>;
export type GivenTarget = z.output<typeof targetSection>;
export type GivenTls = z.output<typeof tlsSection>;
export type GivenUntil = z.output<typeof untilSection>;
export type GivenVerdict = z.output<typeof verdictSection>;
export type GivenTimeouts = NonNullable<GivenScenario['timeouts']>;
export type GivenRequest = z.output<typeof requestEntry>;

/** `load` as written; the pacer's options stand beside these keys. */
export interface GivenLoad {
  readonly pacer?: string;
  readonly duration?: number;
  readonly warmup?: number;
  readonly washout?: number;
  readonly workers?: number;
  readonly maxInFlight?: number;
  readonly pacing?: 'hybrid' | 'timer';
  readonly [option: string]: number | string | readonly Step[] | undefined;
}

/** An arm as written; the policy's options stand beside these keys. */
export interface GivenArm {
  readonly policy: string;
  readonly name?: string;
  readonly client?: string;
  readonly [option: string]: number | string | readonly Step[] | undefined;
}

/** `probe` as written. */
export type GivenProbe = boolean | { readonly cap?: number | undefined; readonly maxRequests?: number | undefined; readonly slow?: string | undefined; readonly badRequest?: boolean | undefined };

/** A union by the kind of a pacer or policy; the default kind may be left unsaid. */
function oneOfKinds(key: 'pacer' | 'policy', members: readonly z.ZodObject<Record<string, z.ZodType>, z.core.$strict>[], list: readonly { readonly kind: string }[], example: string): z.ZodType {
  const kinds = list.map(({ kind }) => kind);
  return z.discriminatedUnion(key, members as never, {
    error: (issue) => {
      const given = issue.input as Readonly<Record<string, unknown>> | null | undefined;
      if (given === null || typeof given !== 'object' || Array.isArray(given)) return shapeComplaint(issue, example);
      const kind = given[key];
      if (kind === undefined) return `missing; write one of ${kinds.join(', ')}`;
      return typeof kind === 'string' ? noSuch(key, kind, kinds) : `found ${found(kind)}; write one of ${kinds.join(', ')}`;
    },
  });
}

function policyName(): z.ZodType<string> {
  const kinds = POLICIES.map(({ kind }) => kind);
  return z
    .string()
    .meta({ enum: kinds })
    .superRefine((given, context) => {
      if (!kinds.includes(given)) context.addIssue({ code: 'custom', message: noSuch('policy', given, kinds) });
    });
}

type Kind = { readonly kind: string; readonly options: OptionSpecs };

/** A key that is another pacer's or policy's option is no slip of the pen: say whose it is. */
function elsewhere(what: 'pacer' | 'policy', chosen: Kind, all: readonly Kind[], key: string): string | undefined {
  const owners = all.filter(({ options }) => Object.hasOwn(options, key)).map(({ kind }) => kind);
  if (owners.length === 0) return undefined;
  return `the ${what} "${chosen.kind}" has no option "${key}" (${owners.join(', ')} ${owners.length === 1 ? 'has' : 'have'} it); its options are ${Object.keys(chosen.options).join(', ')}`;
}

function probe(): Field<GivenProbe> {
  const settings = mapping(
    {
      cap: duration('how long an idle connection is waited for', { default: DEFAULTS.probeCapNs, min: NS_PER_MS }).optional(),
      maxRequests: count('most requests on one connection', { default: DEFAULTS.probeMaxRequests, min: 1, max: 1_000_000 }).optional(),
      slow: text('a path that takes 50 ms or more to answer, to tell serial from concurrent handling', {}, 'a path like /slow', (given) => (given.startsWith('/') ? undefined : `${quoted(given)} is not a path; write one like /slow`)).optional(),
      badRequest: flag('also send one request that is not HTTP, and see whether its 400 costs the connection', false).optional(),
    },
    '{ cap: 130s }',
  );
  return z.union([settings, flag('probe, or not', false)], { error: (issue) => shapeComplaint(issue, 'true or { cap: 130s }') });
}

function armName(summary: string): Field<string> {
  return text(summary, { pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]{0,39}$|\\$\\{' }, 'a name like reused', (name) =>
    /^[A-Za-z0-9_][A-Za-z0-9_-]{0,39}$/.test(name) ? undefined : `${quoted(name)} is not the name of an arm; use letters, digits, _ and -, at most 40`,
  );
}

function workers(): Field<number> {
  const number = count('', { min: 1, max: 256 });
  const json = { anyOf: [{ const: 'auto' }, { type: 'integer', minimum: 1, maximum: 256 }, { type: 'string', pattern: '^\\s*\\d+\\s*$|\\$\\{' }], default: 'auto' };
  return scalar('threads that send; auto: half the cores less one', json, 'auto or a whole number like 2', (given) => {
    if (given === 'auto') return accept(DEFAULTS.workers);
    const read = number.safeParse(given);
    return read.success ? accept(read.data) : refuse(`${read.error.issues[0]?.message ?? ''}, or auto`);
  });
}

function weight(): Field<number> {
  const json = { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'string', pattern: '^\\s*[\\d.]+\\s*$|\\$\\{' }], default: DEFAULTS.weight };
  return scalar('share of this request, relative to the other weights', json, 'a number like 3', (given) => {
    const share = typeof given === 'boolean' || given === '' ? NaN : Number(given);
    return share > 0 && share <= 1e6 ? accept(share) : refuse(`${typeof given === 'string' ? quoted(given) : given} is not a weight; write a number above 0, like 3`);
  });
}

function expectation(): Field<Expectation> {
  return text('like "reused.response.p99 < 20ms", "reused.opened <= 32", "failures = 0" or "fresh - reused at p50 > 5ms"', {}, '"reused.response.p99 < 20ms"').transform((given, context) => {
    const parsed = parseExpectation(given);
    if (parsed.ok) return parsed.expectation;
    context.addIssue({ code: 'custom', message: `${quoted(given)}, column ${parsed.column}: ${parsed.complaint}`, input: given });
    return z.NEVER;
  });
}

function listOf<T extends z.ZodType>(member: T, example: string, summary: string): z.ZodArray<T> {
  return z.array(member, { error: (issue) => shapeComplaint(issue, `a list like ${example}`) }).min(1).describe(summary);
}

function oneOrMany(member: Field<string>, example: string, summary: string, usual?: readonly string[]): Field<string[]> {
  return z
    .union([listOf(member, example, summary), member])
    .transform((given) => (Array.isArray(given) ? given : [given]))
    .meta({ description: summary, ...(usual ? { default: usual } : {}) }) as unknown as Field<string[]>;
}
