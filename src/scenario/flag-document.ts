/** The flags of the command line in the shape of a scenario file, so that one schema takes and refuses the same words in both. */
import { suggestion } from '../errors.js';
import { pathText, quoted, type Path } from './complaints.js';
import { QUICK } from './defaults.js';
import { mapping } from './fields.js';
import { POLICIES } from './lists.js';
import type { Arm } from './scenario.js';
import { loadSection, sections, targetSection, tlsSection, untilSection } from './schema.js';

/** As typed on the command line; `ca` is the PEM text of the file. */
export interface Flags {
  /** The name of an arm of the scenario, or a policy with options: `capped:requests=100,connections=8`. */
  readonly arm?: readonly string[] | undefined;
  readonly rate?: string | undefined;
  readonly pacer?: string | undefined;
  readonly pacing?: string | undefined;
  readonly duration?: string | undefined;
  readonly warmup?: string | undefined;
  readonly washout?: string | undefined;
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
  /** Half the length, and a verdict on p50 and p90: what other flags say counts before it. */
  readonly quick?: boolean | undefined;
  readonly untilPrecision?: string | undefined;
  readonly maxBlocks?: string | undefined;
  readonly maxTime?: string | undefined;
  readonly margin?: string | undefined;
  readonly expect?: readonly string[] | undefined;
}

/** Takes what is wrong with a flag. */
export type Complain = (flag: string, message: string, remedy?: string) => void;

/** An arm of the command line: one of the scenario's own, or the place of a new one in the document's `arms`. */
export type AskedArm = { readonly type: 'kept'; readonly arm: Arm } | { readonly type: 'new'; readonly index: number };

/** A scenario file in which nothing is required: what flags may say when this pacer runs. */
export function flagSchema(pacer: string) {
  return mapping(
    {
      name: sections.name,
      target: targetSection.pick({ headers: true, method: true }).partial().optional(),
      tls: tlsSection.pick({ insecure: true }).optional(),
      load: loadSection(pacer).partial().optional(),
      arms: sections.arms,
      blocks: sections.blocks,
      until: untilSection.partial().optional(),
      verdict: sections.verdict,
      expectations: sections.expectations,
      seed: sections.seed,
    },
    'flags',
  );
}

export interface FlagDocument {
  readonly raw: Readonly<Record<string, unknown>>;
  /** undefined: no --arm was given. */
  readonly arms: readonly AskedArm[] | undefined;
  /** The flag that said what stands at a path. */
  readonly flagAt: (path: Path) => string;
}

/** Flags that do not even fit the document are complained of here. */
export function flagDocument(flags: Flags, own: readonly Arm[], complain: Complain): FlagDocument {
  const quick: Partial<typeof QUICK> = flags.quick === true ? QUICK : {};
  const { rate, duration = quick.duration, warmup = quick.warmup, washout, workers, maxInFlight, pacing } = flags;
  const written: Record<string, string>[] = [];
  const arms = flags.arm?.flatMap((text): AskedArm[] => {
    const kept = own.find(({ name }) => name === text);
    if (kept) return [{ type: 'kept', arm: kept }];
    const arm = writtenArm(text, own, complain);
    return arm ? [{ type: 'new', index: written.push(arm) - 1 }] : [];
  });
  const raw = said({
    name: flags.name,
    blocks: flags.blocks ?? quick.blocks,
    until: said({ precision: flags.untilPrecision, maxBlocks: flags.maxBlocks, maxTime: flags.maxTime }),
    verdict: said({ quantiles: quick.quantiles, margin: flags.margin }),
    seed: flags.seed,
    target: said({ method: flags.method, headers: flags.header && writtenHeaders(flags.header, complain) }),
    tls: said({ insecure: flags.insecure }),
    load: said({ rate, duration, warmup, washout, workers, maxInFlight, pacing }),
    arms: written.length > 0 ? written : undefined,
    expectations: flags.expect && flags.expect.length > 0 ? flags.expect : undefined,
  });
  return { raw, arms: arms && arms.length > 0 ? arms : undefined, flagAt: (path) => flagAt(path, written) };
}

/** `['load', 'maxInFlight']` → `--max-in-flight` */
function flagAt([section, key, ...rest]: Path, arms: readonly Readonly<Record<string, string>>[]): string {
  if (section === 'arms' && typeof key === 'number') return `--arm ${pathText([arms[key]?.policy ?? '', ...rest])}`;
  if (section === 'expectations') return '--expect';
  if (section === 'until' && key === 'precision') return '--until-precision';
  if (key === 'headers') return `--header ${pathText(rest)}`.trim();
  return `--${String(key ?? section).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `capped:requests=100,connections=8` → { policy: 'capped', requests: '100', connections: '8' } */
function writtenArm(text: string, own: readonly Arm[], complain: Complain): Record<string, string> | undefined {
  const [policy = ''] = text.split(':', 1);
  const options = text.slice(policy.length + 1);
  const kinds = POLICIES.map(({ kind }) => kind);
  if (!kinds.includes(policy)) {
    const names = [...new Set([...own.map(({ name }) => name), ...kinds])];
    complain('--arm', `there is no arm or policy ${quoted(policy)}`, suggestion(policy, names) ?? `choose from ${names.join(', ')}`);
    return undefined;
  }
  const pairs = options === '' ? [] : options.split(',').map((pair) => pair.split('='));
  const wrong = pairs.find(([key, value, more]) => !key || !value || more !== undefined);
  if (wrong) complain(`--arm ${policy}`, `${quoted(wrong.join('='))} is not an option with its value`, `write --arm ${policy}:option=value,option=value`);
  return { ...Object.fromEntries(wrong ? [] : pairs), policy };
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

/** Only what was said; nothing, when nothing was. */
function said(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
