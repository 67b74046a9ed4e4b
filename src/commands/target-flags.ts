/** The flags that say what is sent to a target and whom to trust: the same for every command that takes URLs. */
import type { Command as Declaration } from 'commander';
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';
import type { Flags } from '../scenario/from-url.js';
import { parseDuration } from '../units.js';
import { readText } from './files.js';

type Options = Readonly<Record<string, unknown>>;

export function declareTarget(declaration: Declaration): void {
  declaration
    .option('--method <method>', 'GET, POST, …')
    .option('--header <header>', "a header (again for each), like 'accept: text/html'", (value: string, earlier: readonly string[] = []) => [...earlier, value])
    .option('--insecure', 'accept any certificate')
    .option('--ca <file>', 'PEM file of the authority to trust');
}

/** Those of the options that a scenario understands. @throws RequestError when the authority's file cannot be read */
export function targetFlags({ method, header, insecure, ca }: Options, io: Io): Flags {
  return { method, header, insecure, ...(typeof ca === 'string' ? { ca: readText(ca, io) } : {}) } as Flags;
}

/** A duration option in ns. @throws RequestError when it is none */
export function durationOption(options: Options, name: string): number {
  const parsed = parseDuration(String(options[name]));
  if (!parsed.ok) throw new RequestError(`--${name}: ${parsed.complaint}`);
  return parsed.value;
}

/** A whole number from `min` to `max`. @throws RequestError when it is none */
export function countOption(options: Options, name: string, key: string, min: number, max: number): number {
  const text = String(options[key]);
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || value < min || value > max) throw new RequestError(`--${name}: "${text}" is not a whole number from ${min} to ${max}`, `write one like --${name} ${Math.min(max, Math.max(min, 3))}`);
  return value;
}
