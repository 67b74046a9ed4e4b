/** Reads a scenario file: YAML in, Scenario out, or every complaint with its line. The only file that knows YAML. */
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Parser, type Alias, type Document, type Node, type Pair } from 'yaml';
import { found, pathText, ScenarioError, type Complaint, type Flaw, type Path } from './complaints.js';
import type { Files } from './files.js';
import { interpolate, type Environment } from './interpolate.js';
import { resolve } from './resolve.js';
import type { Scenario } from './scenario.js';

/**
 * @param file where the text came from: named in complaints, names the scenario, and files in it are relative to its folder
 * @param readFile throws as node:fs does when there is no such file
 * @param statFile with it, large request bodies stay on disk; without, every body is read into memory
 * @throws ScenarioError and nothing else, whatever the text
 */
export function loadScenario(text: string, file: string, env: Environment, readFile: (path: string) => Uint8Array, statFile?: Files['statFile']): Scenario {
  const { raw, lines, flaws } = readDocument(text, env);
  const complain = (all: readonly LinedFlaw[]): ScenarioError => new ScenarioError(placed(all, file, lines));
  if (raw === undefined) throw complain(flaws);
  const locate = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  const resolved = resolve(raw, { name: nameOf(file), locate, readFile, ...(statFile ? { statFile } : {}) });
  if (resolved.scenario && flaws.length === 0) return resolved.scenario;
  const explained = new Set(flaws.map(({ path }) => pathText(path))); // a value that could not be put in needs no second complaint
  throw complain([...flaws, ...(resolved.scenario ? [] : resolved.flaws.filter(({ path }) => !explained.has(pathText(path))))]);
}

/** A flaw that knows its line better than its path does. */
type LinedFlaw = Flaw & { readonly line?: number };

const DEEPEST = 100; // far more than a scenario needs, far less than overflows the composer's stack
const MOST_NODES = 20_000; // an alias of an alias of an alias … can be billions

const MOST_SYNTAX = 5; // one slip of YAML brings others after it

/** A scenario document as plain data, with the line of every path in it; raw is undefined when there is no document to speak of. */
interface Reading {
  readonly raw: unknown;
  readonly lines: ReadonlyMap<string, number>;
  readonly flaws: readonly LinedFlaw[];
}

function readDocument(text: string, env: Environment): Reading {
  const counter = new LineCounter();
  const lines = new Map<string, number>();
  const whole = (message: string, line = 1): Reading => ({ raw: undefined, lines, flaws: [{ path: [], message, line }] });
  if (depthOf(text) > DEEPEST) return whole(`lists and mappings are nested more than ${DEEPEST} deep`);
  const document: Document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'error' });
  const problems = [...document.errors, ...document.warnings].slice(0, MOST_SYNTAX);
  if (problems.length > 0) return { raw: undefined, lines, flaws: problems.map(({ code, message, pos }) => ({ path: [], message: syntaxMessage(code, message), line: counter.linePos(pos[0]).line })) };
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return whole('the file is empty; write target: with a url: under it');
  const reader = new Reader(document, counter, lines, env);
  try {
    return { raw: reader.value(document.contents, []) ?? null, lines, flaws: reader.flaws };
  } catch (error) {
    if (error instanceof TooMuch) return whole(error.message, error.line);
    throw error;
  }
}

/** How deep lists and mappings stand in each other. Asked before composing, which calls itself for each level and would end the process, not throw. */
function depthOf(text: string): number {
  let deepest = 0;
  for (const document of new Parser().parse(text)) {
    const open: [token: unknown, depth: number][] = [[document, 0]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [token, depth] = next;
      if (typeof token !== 'object' || token === null) continue;
      deepest = Math.max(deepest, depth);
      const { value, items } = token as { readonly value?: unknown; readonly items?: readonly { readonly key?: unknown; readonly value?: unknown }[] };
      open.push([value, depth + 1]);
      for (const item of items ?? []) open.push([item.key, depth + 1], [item.value, depth + 1]);
    }
  }
  return deepest;
}

function syntaxMessage(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second YAML document begins here; a scenario file holds one';
  return `not YAML: ${message.replace(/\s+/g, ' ').trim()}`;
}

/** Complaints in the order of the file. A path that is not in the file stands at the line of the nearest one around it. */
function placed(flaws: readonly LinedFlaw[], file: string, lines: ReadonlyMap<string, number>): Complaint[] {
  const lineOf = (path: Path): number => lines.get(pathText(path)) ?? (path.length === 0 ? 1 : lineOf(path.slice(0, -1)));
  const complaints = flaws.map(({ path, message, remedy, line }): Complaint => ({ file, line: line ?? lineOf(path), path: pathText(path), message, ...(remedy ? { remedy } : {}) }));
  return complaints.toSorted((a, b) => a.line - b.line);
}

/** The file's name without its folder and extension, made fit to name a report. */
function nameOf(file: string): string {
  const name = basename(file, extname(file)).replace(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 80);
  return name === '' ? 'scenario' : name;
}

class TooMuch extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

/** Turns nodes into plain data: aliases followed, merge keys merged, the environment put into texts. */
class Reader {
  readonly flaws: LinedFlaw[] = [];
  #nodes = 0;
  readonly #within = new Set<Node>();

  constructor(
    readonly document: Document,
    readonly counter: LineCounter,
    readonly lines: Map<string, number>,
    readonly env: Environment,
  ) {}

  value(node: unknown, path: Path): unknown {
    const line = this.#line(node);
    const key = pathText(path);
    if (line !== undefined && !this.lines.has(key)) this.lines.set(key, line);
    if (isAlias(node)) return this.#aliased(node, path);
    if (++this.#nodes > MOST_NODES) throw new TooMuch(`the file unfolds to more than ${MOST_NODES} values; use fewer aliases`, line ?? 1);
    if (isScalar(node)) return typeof node.value === 'string' ? this.#text(node.value, path) : node.value;
    if (!isMap(node) && !isSeq(node)) return null;
    if (this.#within.has(node)) throw new TooMuch('an alias stands inside what it names', line ?? 1);
    this.#within.add(node);
    const value = isSeq(node) ? node.items.map((item, index) => this.value(item, [...path, index])) : this.#mapping(node.items, path);
    this.#within.delete(node);
    return value;
  }

  #mapping(pairs: readonly Pair<unknown, unknown>[], path: Path): Record<string, unknown> {
    const own: [string, unknown][] = [];
    const merged: [string, unknown][] = [];
    const seen = new Map<string, number>();
    for (const { key, value } of pairs) {
      const line = this.#line(key) ?? 1;
      if (isScalar(key) && typeof key.value === 'symbol') { // <<
        merged.push(...this.#merge(value, path, line));
        continue;
      }
      if (key !== null && !isScalar(key)) {
        this.flaws.push({ path, line, message: `${isMap(key) ? 'a mapping' : isSeq(key) ? 'a list' : 'an alias'} stands where a key is wanted; write a plain word` });
        continue;
      }
      const name = String(key?.value ?? '');
      const inner = [...path, name];
      const before = seen.get(name);
      if (before !== undefined) {
        this.flaws.push({ path: inner, line, message: `written twice, first in line ${before}; keep one` });
        continue;
      }
      seen.set(name, line);
      this.lines.set(pathText(inner), line);
      own.push([name, this.value(value, inner)]);
    }
    return Object.fromEntries([...merged, ...own]); // what stands in the mapping itself counts before what is merged in
  }

  /** `<<: *base` or `<<: [*base, *more]`, of which the first counts. */
  #merge(value: unknown, path: Path, line: number): [string, unknown][] {
    const sources = isSeq(value) ? value.items.toReversed() : [value];
    return sources.flatMap((source) => {
      const data = this.value(source, path);
      if (typeof data === 'object' && data !== null && !Array.isArray(data)) return Object.entries(data);
      this.flaws.push({ path: [...path, '<<'], line, message: `found ${found(data)}; << takes a mapping such as *name` });
      return [];
    });
  }

  #text(text: string, path: Path): string {
    const put = interpolate(text, this.env);
    if (put.ok) return put.value;
    for (const message of put.complaints) this.flaws.push({ path, message });
    return text;
  }

  #aliased(alias: Alias, path: Path): unknown {
    const named = alias.resolve(this.document);
    if (named) return this.value(named, path);
    this.flaws.push({ path, message: `there is no anchor &${alias.source} before this` });
    return null;
  }

  #line(node: unknown): number | undefined {
    const range = (node as { readonly range?: readonly number[] | null } | null | undefined)?.range;
    return range?.[0] === undefined ? undefined : this.counter.linePos(range[0]).line;
  }
}
