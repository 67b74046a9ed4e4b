/** Reads a scenario file: YAML in, Scenario out, or every complaint with its line. The only file that knows YAML. */
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import { found, pathText, quoted, ScenarioError, type Flaw, type Path } from './complaints.js';
import { interpolate, type Environment } from './interpolate.js';
import { resolve } from './resolve.js';
import type { Scenario } from './scenario.js';

/**
 * @param file where the text came from: named in complaints, names the scenario, and files in it are relative to its folder
 * @param readFile throws as node:fs does when there is no such file
 * @throws ScenarioError and nothing else, whatever the text
 */
export function loadScenario(text: string, file: string, env: Environment, readFile: (path: string) => Uint8Array): Scenario {
  const { raw, lines, flaws } = readDocument(text, env);
  if (flaws.some(({ path }) => path.length === 0)) throw new ScenarioError(placed(flaws, file, lines)); // no document to speak of
  const locate = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  const resolved = resolve(raw, { name: nameOf(file), locate, readFile });
  if (resolved.scenario && flaws.length === 0) return resolved.scenario;
  const explained = new Set(flaws.map(({ path }) => pathText(path)));
  const further = resolved.scenario ? [] : resolved.flaws.filter(({ path }) => !explained.has(pathText(path)));
  throw new ScenarioError(placed([...flaws, ...further], file, lines));
}

const MOST_NODES = 20_000; // an alias of an alias of an alias … can be billions

/** A scenario document as plain data, with the line of every path in it. */
interface Read {
  readonly raw: unknown;
  readonly lines: ReadonlyMap<string, number>;
  readonly flaws: readonly (Flaw & { readonly line?: number })[];
}

function readDocument(text: string, env: Environment): Read {
  const counter = new LineCounter();
  const lines = new Map<string, number>();
  const whole = (message: string, line = 1): Read => ({ raw: undefined, lines, flaws: [{ path: [], message, line }] });
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'silent' });
  } catch (error) {
    return whole(error instanceof RangeError ? 'lists or mappings are nested too deeply' : `cannot be read as YAML: ${quoted(String(error))}`);
  }
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const flaws = problems.map(({ code, message, pos }) => ({ path: [], message: code === 'MULTIPLE_DOCS' ? 'a second YAML document begins here; a scenario file holds one' : message.replace(/\s+/g, ' '), line: counter.linePos(pos[0]).line }));
    return { raw: undefined, lines, flaws };
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return whole('the file is empty; write target: with a url: under it');
  const reader = new Reader(document, counter, lines, env);
  try {
    return { raw: reader.value(document.contents, []), lines, flaws: reader.flaws };
  } catch (error) {
    if (error instanceof TooMuch) return whole(error.message, error.line);
    throw error;
  }
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
  readonly flaws: (Flaw & { line?: number })[] = [];
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
    if (isAlias(node)) return this.value(this.#target(node), path);
    if (++this.#nodes > MOST_NODES) throw new TooMuch(`the file unfolds to more than ${MOST_NODES} values; use fewer aliases`, line ?? 1);
    if (isScalar(node)) return typeof node.value === 'string' ? this.#text(node.value, path) : node.value;
    if (!isMap(node) && !isSeq(node)) return null;
    if (this.#within.has(node)) throw new TooMuch('an alias stands inside what it names', line ?? 1);
    this.#within.add(node);
    const value = isSeq(node) ? node.items.map((item, index) => this.value(item, [...path, index])) : this.#mapping(node.items, path);
    this.#within.delete(node);
    return value;
  }

  #mapping(pairs: readonly Pair[], path: Path): Record<string, unknown> {
    const own: [string, unknown][] = [];
    const merged: [string, unknown][] = [];
    const seen = new Map<string, number>();
    for (const { key, value } of pairs) {
      const line = this.#line(key) ?? 1;
      if (isScalar(key) && isMergeKey(key)) {
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

  #target(alias: Parameters<typeof isAlias>[0]): unknown {
    return isAlias(alias) ? alias.resolve(this.document) : undefined;
  }

  #line(node: unknown): number | undefined {
    const range = (node as { readonly range?: readonly number[] | null } | null | undefined)?.range;
    return range?.[0] === undefined ? undefined : this.counter.linePos(range[0]).line;
  }
}
