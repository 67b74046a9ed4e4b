import type { Command as Declaration } from 'commander';
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';
import * as clients from '../clients/index.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';
import type { ScenarioOrigin } from '../result/schema.js';
import { scenarioFromUrl, withFlags, type Flags } from '../scenario/from-url.js';
import { loadScenario } from '../scenario/load.js';
import type { Scenario } from '../scenario/scenario.js';
import { defineCommand } from './command.js';
import { execute } from './execute.js';
import { readText } from './files.js';
import { originOf } from './origin.js';
import { declareExports, declareOutput, outputOptions } from './output.js';

/** Runs a scenario, or compares reused with fresh connections to a URL. */
export const run = defineCommand({
  name: 'run',
  summary: 'run a scenario file, or compare reused with fresh connections to a URL',
  declare: (declaration) => {
    declaration.argument('<scenario.yaml | url>', 'what to run');
    declareLoad(declaration);
    declareOutput(declaration);
    declareExports(declaration);
  },
  async run({ args: [what = ''], options }, io) {
    const output = outputOptions(options);
    const { scenario, origin } = scenarioOf(what, options, io);
    const name = typeof options['name'] === 'string' ? options['name'] : `${scenario.name}-${stamp(io.now())}`;
    return (await execute(scenario, { ...output, name, keepSecrets: options['redact'] === false, ...(origin && { origin }) }, io)).exitCode;
  },
});

function declareLoad(declaration: Declaration): void {
  const kinds = (list: Readonly<Record<string, { kind: string }>>): string => Object.values(list).map((member) => member.kind).join(' | ');
  declaration
    .option('--arm <policy>', `an arm to compare (again for each): ${kinds(policies)}; options after a colon: capped:requests=100`, collect)
    .option('--rate <rate>', 'requests per second, like 500/s')
    .option('--pacer <pacer>', kinds(pacers))
    .option('--duration <time>', 'measured window of one round, like 2s')
    .option('--warmup <time>', 'before the window of each round, like 500ms')
    .option('--washout <time>', 'pause between two rounds, at least, like 1s')
    .option('--blocks <n>', 'blocks; in each, every arm runs twice')
    .option('--quick', 'a first look: 6 blocks of short rounds, a verdict on p50 and p90')
    .option('--until-precision <time>', 'go on until the difference is known within ± this, like 0.2ms')
    .option('--max-blocks <n>', 'with --until-precision: end there all the same')
    .option('--max-time <time>', 'with --until-precision: begin no block that would end later')
    .option('--margin <time>', 'below which difference nobody should care, like 1ms')
    .option('--connections <n>', 'most connections in use at once, in every arm')
    .option('--workers <n>', 'threads that send')
    .option('--max-in-flight <n>', 'requests under way at once; an arrival above is shed')
    .option('--pacing <how>', 'hybrid | timer')
    .option('--client <client>', kinds(clients))
    .option('--seed <n>', 'the seed of the schedule, for the same one again')
    .option('--method <method>', 'GET, POST, …')
    .option('--header <header>', "a header (again for each), like 'accept: text/html'", collect)
    .option('--body <text>', 'body of the request')
    .option('--expect <expectation>', "an expectation (again for each), like 'reused.response.p99 < 20ms'", collect)
    .option('--insecure', 'accept any certificate')
    .option('--ca <file>', 'PEM file of the authority to trust')
    .option('--no-redact', 'leave secrets in the reports and the journal as they are');
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function scenarioOf(what: string, options: Readonly<Record<string, unknown>>, io: Io): { scenario: Scenario; origin?: ScenarioOrigin } {
  const flags = flagsOf(options, io);
  if (/^https?:\/\//i.test(what)) return { scenario: scenarioFromUrl(what, flags) };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(what)) throw new RequestError(`${what} is not an http or https URL`, 'write one like https://staging.example.com/');
  if (!io.exists(what)) throw new RequestError(`there is no file ${what}`, /^[\w.-]+(:\d+)?(\/|$)/.test(what) && !/\.ya?ml$/i.test(what) ? `for a URL write http://${what}` : 'give a scenario file or a URL');
  const text = readText(what, io);
  return { scenario: withFlags(loadScenario(text, what, io.env, io.readFile, io.statFile), flags), origin: originOf(what, text, io) };
}

function flagsOf(options: Readonly<Record<string, unknown>>, io: Io): Flags {
  const { out: _out, json: _json, quiet: _quiet, export: _export, open: _open, color: _color, redact: _redact, ca, ...load } = options;
  return { ...load, ...(typeof ca === 'string' ? { ca: readText(ca, io) } : {}) } as Flags;
}

/** `20261122-202534`, UTC: keeps the files of one run from replacing those of another. */
function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
}

