/** Reads what a scenario expects of its result, as people write it. */
import type { Ns } from '../define.js';
import { METRICS, type Metric } from '../result/schema.js';
import { parseDuration } from '../units.js';
import { noSuch, quoted } from './complaints.js';
import { COMPARATORS, COUNT_NAMES, type CountName, type Expectation, type Quantity } from './scenario.js';

/** `column` counts from 1 and points at the word that is wrong. */
export type ParsedExpectation = { readonly ok: true; readonly expectation: Expectation } | { readonly ok: false; readonly complaint: string; readonly column: number };

/**
 * `<arm>.<metric>.<statistic> < 20ms` · `<arm>.<count> <= 32` · `<arm>.<count> = <arm>.<count>` · `<count> = 0` (all arms together) ·
 * `<arm> - <arm> at <quantile> [of <metric>] > 5ms`.
 */
export function parseExpectation(text: string): ParsedExpectation {
  try {
    return { ok: true, expectation: read(text.replace(/\s/g, ' ')) };
  } catch (error) {
    if (error instanceof Slip) return { ok: false, complaint: error.complaint, column: error.column };
    throw error;
  }
}

/** The names of the arms that an expectation speaks of; all arms together have none. */
export function armsOf(expectation: Expectation): readonly string[] {
  if (expectation.type === 'difference') return [expectation.minuend, expectation.subtrahend];
  const { left, right } = expectation;
  return [left, right].flatMap((side) => (typeof side === 'object' && side.arm !== '' ? [side.arm] : []));
}

const STATISTICS = ['p50', 'p90', 'p99', 'p999', 'mean', 'max'] as const;
const QUANTILES: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 };
const SHAPES = 'reused.response.p99 < 20ms, reused.opened <= 32, failures = 0 or fresh - reused at p50 > 5ms';

/** A word and where it begins. */
interface Word {
  readonly text: string;
  readonly column: number;
}

/** What every expectation has, whatever it compares. */
type Said = Pick<Expectation, 'text' | 'comparator'>;

class Slip extends Error {
  constructor(
    readonly complaint: string,
    readonly column: number,
  ) {
    super(complaint);
  }
}

function read(text: string): Expectation {
  const sides = /^([^<>=!]*)([<>=!]+)([^]*)$/.exec(text);
  if (!sides) throw new Slip(`there is no comparison; write one like ${SHAPES}`, 1);
  const [, left = '', sign = '', right = ''] = sides;
  const comparator = COMPARATORS.find((known) => known === sign);
  if (!comparator) throw new Slip(`there is no comparison ${quoted(sign)}; ${sign === '==' ? 'write =' : `use one of ${COMPARATORS.join(' ')}`}`, left.length + 1);
  const words = wordsOf(left);
  const bound = { text: right.trim(), column: left.length + sign.length + 1 + (right.length - right.trimStart().length) };
  const [first] = words;
  if (!first) throw new Slip(`nothing is compared; write one like ${SHAPES}`, 1);
  if (bound.text === '') throw new Slip('there is nothing to compare with; write a time like 20ms or a number like 32', text.length + 1);
  const said = { text: text.trim(), comparator };
  return words.length > 1 ? difference(said, words, bound) : comparison(said, first, bound);
}

function comparison(said: Said, first: Word, bound: Word): Expectation {
  const left = quantity(first);
  if (left.type === 'latency') return { ...said, type: 'quantity', left, right: time(bound) };
  if (/^\d{1,15}$/.test(bound.text)) return { ...said, type: 'quantity', left, right: Number(bound.text) };
  const example = left.arm === '' ? 'a whole number like 32' : `a whole number like 32 or a count like ${left.arm}.requests`;
  if (left.arm === '' || !/^[\w-]+\.[\w-]+$/.test(bound.text) || /^[\d.-]+$/.test(bound.text)) throw new Slip(`${quoted(bound.text)} is not a count; write ${example}`, bound.column);
  return { ...said, type: 'quantity', left, right: quantity(bound) };
}

function difference(said: Said, words: readonly Word[], bound: Word): Expectation {
  const [minuend, minus, subtrahend, at, quantile, of, metric, more] = words as readonly (Word | undefined)[];
  const end = (words.at(-1)?.column ?? 1) + (words.at(-1)?.text.length ?? 0);
  const example = 'a difference looks like fresh - reused at p50 > 5ms';
  if (minus?.text !== '-') throw new Slip(`${minus?.text === 'at' ? 'a minus needs a space on each side' : `${quoted(minus?.text ?? '')} is not understood here`}; ${example}`, minus?.column ?? end);
  if (at?.text !== 'at') throw new Slip(`the two arms are followed by "at" and a quantile; ${example}`, at?.column ?? end);
  const level = QUANTILES[quantile?.text ?? ''];
  if (level === undefined) throw new Slip(complaintOn('quantile', quantile?.text, Object.keys(QUANTILES)), quantile?.column ?? end);
  if (of && of.text !== 'of') throw new Slip(`${quoted(of.text)} is not understood here; write "of" and a metric, like of service`, of.column);
  if (more) throw new Slip(`${quoted(more.text)} is not understood here; ${example}`, more.column);
  const what = of ? member(METRICS, 'metric', metric ?? { text: '', column: end }) : 'response';
  return { ...said, type: 'difference', minuend: arm(minuend), subtrahend: arm(subtrahend), metric: what, quantile: level, right: signedTime(bound) };
}

function quantity(word: Word): Quantity {
  const [first = '', second, third, ...more] = word.text.split('.');
  if (second === undefined) return { type: 'count', arm: '', what: count({ text: first, column: word.column }) };
  const inner = { text: second, column: word.column + first.length + 1 };
  const of = arm({ text: first, column: word.column });
  if (third === undefined) {
    if ((METRICS as readonly string[]).includes(second)) throw new Slip(`${second} needs a statistic; write ${word.text}.p99`, inner.column + second.length);
    return { type: 'count', arm: of, what: count(inner) };
  }
  const metric: Metric = member(METRICS, 'metric', inner);
  if (more.length > 0) throw new Slip(`${quoted(word.text)} has too many parts; write one like ${of}.${metric}.p99`, word.column);
  return { type: 'latency', arm: of, metric, statistic: member(STATISTICS, 'statistic', { text: third, column: inner.column + second.length + 1 }) };
}

function count(word: Word): CountName {
  return member(COUNT_NAMES, 'count', word);
}

function arm(word: Word | undefined): string {
  if (word && /^[A-Za-z0-9_][A-Za-z0-9_-]{0,39}$/.test(word.text)) return word.text;
  throw new Slip(`${quoted(word?.text ?? '')} is not the name of an arm; it has letters, digits, _ and -`, word?.column ?? 1);
}

function time({ text, column }: Word): Ns {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new Slip(parsed.complaint, column);
  return parsed.value;
}

function signedTime({ text, column }: Word): Ns {
  return text.startsWith('-') ? 0 - time({ text: text.slice(1), column: column + 1 }) : time({ text, column });
}

function member<const T extends string>(list: readonly T[], what: string, word: Word): T {
  const known = list.find((name) => name === word.text);
  if (known === undefined) throw new Slip(complaintOn(what, word.text, list), word.column);
  return known;
}

function complaintOn(what: string, word: string | undefined, list: readonly string[]): string {
  return word ? noSuch(what, word, list) : `a ${what} is missing; choose one of ${list.join(', ')}`;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], column: match.index + 1 }));
}
