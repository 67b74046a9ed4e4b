/** What is wrong with a scenario and where, in words that say what to write instead. */
import { RequestError, suggestion } from '../errors.js';

/** One thing that is wrong, with its place. From the command line: file '' and line 0, and path is the flag. */
export interface Complaint {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `load.rate`, `arms[1].name`, or '' for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly remedy?: string;
}

/** The scenario cannot be run. The message is every complaint, one a line, in the order of the file. */
export class ScenarioError extends RequestError {
  override readonly name: string = 'ScenarioError';
  constructor(readonly complaints: readonly Complaint[]) {
    super(complaints.map(sentence).join('\n'));
  }
}

/** Keys and indexes from the root of a scenario document. */
export type Path = readonly (string | number)[];

/** One thing that is wrong, before anyone knows which line or flag it came from. */
export interface Flaw {
  readonly path: Path;
  readonly message: string;
  readonly remedy?: string;
}

/** `arms[1].name`; keys that are not plain words are quoted. */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${/^[\w$-]+$/.test(step) ? step : JSON.stringify(step)}`)).join('');
}

/** What was found, for a sentence: `a list`, `the number 5`, `"abc"`. */
export function found(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'number') return `the number ${value}`;
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** In double quotes on one line, cut off when long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** `there is no pacer "poison"; did you mean "poisson"?` */
export function noSuch(what: string, word: string, known: readonly string[]): string {
  return `there is no ${what} ${quoted(word)}; ${suggestion(word, known) ?? `choose one of ${known.join(', ')}`}`;
}

function sentence({ file, line, path, message, remedy }: Complaint): string {
  const place = [file === '' ? '' : `${file}:${line}`, path].filter((part) => part !== '').join(' ');
  return `${place}${place === '' ? '' : ': '}${message}${remedy ? `; ${remedy}` : ''}`;
}
