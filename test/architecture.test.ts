import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** Who may import whom: each room, and the rooms and top-level files that it may reach. A room may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'define.ts': ['errors.ts'],
  'errors.ts': [],
  'random.ts': [],
  'units.ts': ['define.ts'],
  'version.ts': [],
  'io.ts': [],
  result: ['define.ts', 'errors.ts', 'units.ts'],
  measure: ['define.ts', 'errors.ts', 'random.ts', 'units.ts', 'result'],
  pacers: ['define.ts', 'units.ts'],
  policies: ['define.ts', 'units.ts'],
  net: ['define.ts', 'errors.ts', 'units.ts', 'measure', 'policies', 'result'],
  clients: ['define.ts', 'errors.ts', 'units.ts', 'measure', 'net'],
  scenario: ['define.ts', 'errors.ts', 'random.ts', 'units.ts', 'pacers', 'policies', 'clients', 'net', 'result'],
  engine: ['define.ts', 'errors.ts', 'random.ts', 'units.ts', 'measure', 'pacers', 'policies', 'net', 'clients', 'scenario', 'result'],
  analysis: ['define.ts', 'errors.ts', 'random.ts', 'units.ts', 'measure', 'pacers', 'policies', 'result', 'scenario', 'net'],
  reporters: ['define.ts', 'errors.ts', 'units.ts', 'measure', 'pacers', 'policies', 'net', 'result', 'analysis'],
  ask: ['define.ts', 'errors.ts', 'units.ts', 'measure', 'net', 'clients', 'scenario', 'engine', 'reporters'],
  probe: ['define.ts', 'errors.ts', 'units.ts', 'measure', 'net', 'clients', 'scenario', 'engine', 'result'],
  watch: ['define.ts', 'errors.ts', 'units.ts', 'measure', 'clients', 'reporters'],
  demo: ['define.ts', 'errors.ts', 'units.ts', 'net'],
  floor: ['define.ts', 'errors.ts', 'units.ts', 'io.ts', 'measure', 'scenario', 'engine', 'result', 'demo'],
  commands: ['define.ts', 'errors.ts', 'units.ts', 'version.ts', 'io.ts', 'measure', 'pacers', 'policies', 'net', 'clients', 'scenario', 'engine', 'analysis', 'reporters', 'result', 'demo', 'floor', 'ask', 'probe', 'watch'],
  'cli.ts': ['commands', 'errors.ts', 'io.ts', 'version.ts'],
  'index.ts': ['define.ts', 'engine', 'analysis', 'reporters', 'result', 'scenario'],
};

/** A dependency lives in one place, so that replacing it touches one room. */
const ONLY_IN: readonly { readonly module: RegExp; readonly files: readonly RegExp[] }[] = [
  { module: /^hdr-histogram-js$/, files: [/^measure\/histogram\.ts$/] },
  { module: /^undici$/, files: [/^clients\/undici\.ts$/] },
  { module: /^yaml$/, files: [/^scenario\/load\.ts$/] },
  { module: /^zod$/, files: [/^scenario\//, /^result\/(([a-z-]+-)?schemas?|probe)\.ts$/] },
  { module: /^piscina$/, files: [/^engine\/crew\.ts$/] },
  { module: /^commander$/, files: [/^cli\.ts$/, /^commands\//] },
  { module: /^d3-/, files: [/^reporters\/html\//] },
  { module: /^@peculiar\/x509$/, files: [/^demo\/certificate\.ts$/] },
  { module: /^open$/, files: [/^io\.ts$/] },
  { module: /^node:worker_threads$/, files: [/^engine\/(crew|worker)\.ts$/] },
  { module: /^node:fs(\/promises)?$/, files: [/^io\.ts$/, /^engine\/proc\.ts$/, /^net\/body-file\.ts$/] },
  { module: /^node:(net|tls)$/, files: [/^net\//, /^engine\/resolve\.ts$/, /^scenario\//, /^demo\//, /^probe\/(raw|socket)\.ts$/, /^watch\//] },
  { module: /^node:http2$/, files: [/^probe\/http2\.ts$/] },
  { module: /^node:child_process$/, files: [/^demo\/start\.ts$/, /^io\.ts$/] },
  { module: /^node:process$/, files: [/^io\.ts$/, /^engine\/(run|describe)\.ts$/, /^floor\/(latency|store)\.ts$/, /^watch\/watch\.ts$/, /^net\/bindings\.ts$/] },
];

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'));
const imports: Import[] = files.flatMap((file) => {
  const text = withoutComments(readFileSync(join(SRC, file), 'utf8'));
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({ file, target: match[1]! }));
});

const roomOf = (file: string): string => file.split('/')[0]!;

describe('the architecture', () => {
  test('every room has its line in the import table, and every line its room', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test('rooms import only the rooms below them', () => {
    const forbidden = imports.filter(({ target }) => target.startsWith('.')).flatMap(({ file, target }) => {
      const to = roomOf(relative(SRC, resolve(SRC, dirname(file), target)).replace(/\.js$/, '.ts'));
      const from = roomOf(file);
      return to === '..' || to === from || MAY_IMPORT[from]?.includes(to) ? [] : [`${file} imports ${target}`];
    });
    expect(forbidden).toEqual([]);
  });

  test('a dependency is known in one place only', () => {
    const strayed = imports.flatMap(({ file, target }) => ONLY_IN.filter(({ module, files: places }) => module.test(target) && !places.some((place) => place.test(file))).map(() => `${file} imports ${target}`));
    expect(strayed).toEqual([]);
  });

  test('the global process is touched only at the doors', () => {
    const doors = /^(io|cli|demo\/process|measure\/clock|net\/bindings)\.ts$/;
    const touching = files.filter((file) => !doors.test(file) && /(?<![\w.'/:-])process\.[a-z]/.test(withoutComments(readFileSync(join(SRC, file), 'utf8'))));
    expect(touching).toEqual([]);
  });

  test('imports go one way: no two rooms import each other', () => {
    const edges = new Set(imports.filter(({ target }) => target.startsWith('.')).map(({ file, target }) => `${roomOf(file)}→${roomOf(relative(SRC, resolve(SRC, dirname(file), target)).replace(/\.js$/, '.ts'))}`));
    const mutual = [...edges].filter((edge) => {
      const [from, to] = edge.split('→');
      return from !== to && edges.has(`${to}→${from}`);
    });
    expect(mutual).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
