/** Where results go: the report files, the words on stdout, the job's page on GitHub, the browser. */
import { join } from 'node:path';
import type { Command as Declaration } from 'commander';
import { choose } from '../define.js';
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';
import * as reporters from '../reporters/index.js';
import { filesOf, type AnyReporter, type Style } from '../reporters/reporter.js';
import type { Result } from '../result/schema.js';
import { tellGitHub } from './github.js';

export interface OutputOptions {
  readonly out: string;
  readonly json: boolean;
  readonly quiet: boolean;
  /** What is written beside the three that always are. */
  readonly exports?: readonly AnyReporter[];
  /** Opens the HTML report when it is written. */
  readonly open?: boolean;
  /** Undefined: as the screen and the environment suggest. */
  readonly color?: boolean | undefined;
}

const ALWAYS: readonly AnyReporter[] = [reporters.json, reporters.markdown, reporters.html];
const OTHERS = Object.values<AnyReporter>(reporters).filter((reporter) => !ALWAYS.includes(reporter));

export function declareOutput(declaration: Declaration): void {
  declaration
    .option('--out <folder>', 'where the report files go', 'reports/')
    .option('--name <name>', 'file name of the reports, without extension')
    .option('--open', 'open the HTML report in the browser')
    .option('--color [when]', 'always | never | auto; auto heeds NO_COLOR, FORCE_COLOR and TERM')
    .option('--no-color', 'the same as --color=never')
    .option('--json', 'print only the result’s JSON on stdout')
    .option('--quiet', 'print nothing but errors');
}

/** For the commands whose reports are those of one run. */
export function declareExports(declaration: Declaration): void {
  const others = OTHERS.map(({ kind }) => kind).join(' | ');
  declaration.option('--export <formats>', `further files to write, with commas between them, or all: ${others}`, (more: string, before?: string) => (before ? `${before},${more}` : more));
}

/** @throws RequestError naming a format or a colour that there is not */
export function outputOptions(options: Readonly<Record<string, unknown>>): OutputOptions {
  return {
    out: String(options['out'] ?? 'reports/'),
    json: options['json'] === true,
    quiet: options['quiet'] === true,
    exports: exportsOf(options['export']),
    open: options['open'] === true,
    color: colorOf(options['color']),
  };
}

/** Writes every report, says what it says, and shows it where that was asked for. */
export async function conclude(result: Result, name: string, output: OutputOptions, io: Io): Promise<void> {
  const paths = writeReports(result, output, io, name);
  printResult(result, paths, output, io);
  tellGitHub(result, output, io);
  await showPage(paths, output, io);
}

/** Opens the HTML file among these, if that was asked for; says so where there is no browser. */
export async function showPage(paths: readonly string[], { open }: OutputOptions, io: Io): Promise<void> {
  const page = paths.find((path) => path.endsWith(`.${reporters.html.extension}`));
  if (open && page !== undefined && !(await io.openInBrowser(page))) io.stderr(`there is no browser to open here; the report is ${page}\n`);
}

/** Writes `<name>.json`, `.md`, `.html`, and what else was asked for. @returns their paths */
function writeReports(result: Result, { out, exports = [] }: OutputOptions, io: Io, name: string): readonly string[] {
  return [...ALWAYS, ...exports].flatMap((reporter) => filesOf(reporter, result, FILE_STYLE, name)).map((file) => {
    const path = join(out, file.name);
    io.writeFile(path, file.text);
    return path;
  });
}

function printResult(result: Result, paths: readonly string[], { json, quiet, color }: OutputOptions, io: Io): void {
  if (json) io.stdout(reporters.json.render(result, io.style));
  else if (!quiet) {
    io.stdout(reporters.terminal.render(result, screenStyle(color, io)));
    io.stdout(`\n${paths.map((path) => ` written  ${path}`).join('\n')}\n`);
  }
}

/** How to write on stdout: what --color says, else as the screen and the environment suggest. */
export function screenStyle(color: boolean | undefined, io: Io): Style {
  return { ...io.style, color: color ?? io.style.color };
}

/** A file says the same wherever it was written. */
const FILE_STYLE: Style = { width: 80, color: false, unicode: true };

function exportsOf(given: unknown): readonly AnyReporter[] {
  const words = typeof given === 'string' ? given.split(',').map((word) => word.trim()).filter((word) => word !== '') : [];
  if (words.includes('all')) return OTHERS;
  const list = reporters as Readonly<Record<string, AnyReporter>>;
  const chosen = words.map((word) => Object.values(list).find(({ extension }) => extension === word) ?? choose(list, word, 'format'));
  return OTHERS.filter((reporter) => chosen.includes(reporter)); // each once, and those that are written always not again
}

function colorOf(given: unknown): boolean | undefined {
  if (given === undefined || given === 'auto') return undefined;
  if (given === true || given === 'always') return true;
  if (given === false || given === 'never') return false;
  throw new RequestError(`--color: there is no "${String(given)}"`, 'choose one of: always, never, auto');
}
