/** Ways to read a scenario in a test: no disk, no environment but what is given. */
import { loadScenario } from '../../src/scenario/load.js';
import type { RequestSpec } from '../../src/net/endpoint.js';
import { ScenarioError } from '../../src/scenario/complaints.js';
import type { Scenario } from '../../src/scenario/scenario.js';

export const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';

export interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly file?: string;
}

export function load(text: string, { env = {}, files = {}, file = 'x.yaml' }: World = {}): Scenario {
  return loadScenario(text, file, env, (path) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return new TextEncoder().encode(content);
  });
}

/** The complaints, one a line; '' when there is none. */
export function complaints(read: () => unknown): string {
  try {
    read();
    return '';
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
}

/** A body that is in memory. */
export const text = (body: RequestSpec['body'] | undefined): string => {
  if (body && 'path' in body) throw new Error(`${body.path} is not in memory`);
  return new TextDecoder().decode(body ?? new Uint8Array());
};
