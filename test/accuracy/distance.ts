/** The built program at one end of a delay line, a real nginx at the other. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, start, WENT_THROUGH } from '../end-to-end/cli.js';
import { nginx, type NginxOptions } from '../servers/nginx.js';
import type { WitnessServer } from '../servers/witness.js';
import type { Result } from '../../src/result/schema.js';
import { lacking, withDelayLine, type DelayLine, type DelayLineOptions, type End } from './delay-line/index.mjs';

export interface Distance extends DelayLine {
  readonly server: WitnessServer;
}

/** Why a distance cannot be had on this machine, or undefined. */
export function whyNot(): string | undefined {
  const available = nginx.available();
  return lacking() ?? (available === true ? undefined : available);
}

/** Runs `use` with an nginx that is `rttMs` ms away; both are gone afterwards, however it ends. */
export function atDistance<T>(rttMs: number, options: NginxOptions & DelayLineOptions, use: (distance: Distance) => Promise<T>): Promise<T> {
  return withDelayLine(rttMs, async (line) => {
    const server = await nginx.start({ ...options, place: line.far });
    try {
      return await use({ ...line, server });
    } finally {
      await server.stop();
    }
  }, options);
}

/** Runs a scenario in that namespace, to the end. @throws Error with the program's own words when it did not go through */
export async function runScenario(near: End, scenario: Readonly<Record<string, unknown>>, ca: string): Promise<Result> {
  const home = folder();
  writeFileSync(join(home, 'ca.pem'), ca);
  writeFileSync(join(home, 'scenario.yaml'), JSON.stringify({ ...scenario, tls: { ca: 'ca.pem' } })); // JSON is YAML
  const { code, stdout, stderr } = await start(['run', join(home, 'scenario.yaml'), '--json', '--quiet', '--out', home], {}, near.words()).ended;
  if (!WENT_THROUGH.includes(code)) throw new Error(`sameconn ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Result;
}
