import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CLIENTS, PACERS, POLICIES } from '../../src/scenario/lists.js';
import { interpolate } from '../../src/scenario/interpolate.js';
import { scenarioJsonSchema } from '../../src/scenario/publish-schema.js';
import { scenarioTemplate } from '../../src/scenario/template.js';
import { complaints, load } from './reading.js';

const folder = new URL('../../scenarios/', import.meta.url);
const shipped = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(scenarioJsonSchema());
const accepts = (document: unknown): boolean => validate(document);

/** A document as an editor sees it after the defaults of its references are put in. */
function filledIn(value: unknown): unknown {
  if (typeof value === 'string') {
    const put = interpolate(value, {});
    return put.ok ? put.value : value;
  }
  if (Array.isArray(value)) return value.map(filledIn);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filledIn(inner)])) : value;
}

describe('the published schema', () => {
  it('is the one in scenarios/scenario.schema.json', () => {
    expect(JSON.parse(read('scenario.schema.json'))).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });

  it('says 2020-12 and describes every property', () => {
    const bare: string[] = [];
    const walk = (node: unknown, at: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties, ...rest } = node as { properties?: Record<string, object> };
      for (const [key, property] of Object.entries(properties ?? {})) {
        if (!('description' in property)) bare.push(`${at}.${key}`);
        walk(property, `${at}.${key}`);
      }
      for (const inner of Object.values(rest)) walk(inner, at);
    };
    walk(scenarioJsonSchema(), '');
    expect(bare).toEqual([]);
    expect(scenarioJsonSchema()).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });

  it.each([
    ['an unknown key', { target: { url: 'http://h' }, laod: {} }],
    ['an unknown key inside', { target: { url: 'http://h', headrs: {} } }],
    ['no url', { target: {} }],
    ['a rate without a unit', { target: { url: 'http://h' }, load: { rate: 500 } }],
    ['an option of another pacer', { target: { url: 'http://h' }, load: { pacer: 'ramp', rate: '5/s' } }],
    ['an option of another policy', { target: { url: 'http://h' }, arms: [{ policy: 'reused', gap: '1s' }] }],
    ['an unknown policy', { target: { url: 'http://h' }, arms: ['reusd'] }],
    ['an unknown client', { target: { url: 'http://h' }, arms: [{ policy: 'fresh', client: 'curl' }] }],
    ['no arms', { target: { url: 'http://h' }, arms: [] }],
    ['no block', { target: { url: 'http://h' }, blocks: 0 }],
    ['two kinds of body', { target: { url: 'http://h', body: { file: 'a', json: 1 } } }],
  ])('refuses %s, as the loader does', (_what, document) => {
    expect(accepts(document)).toBe(false);
    expect(complaints(() => load(JSON.stringify(document)))).not.toBe('');
  });

  it.each<readonly [string, object]>([
    ['the shortest', { target: { url: 'http://h' } }],
    ['steps', { target: { url: 'http://h' }, load: { pacer: 'steps', steps: [{ rate: '1/s', for: '2s' }], workers: 'auto', warmup: 0 } }],
    ['a reference', { target: { url: 'http://h' }, blocks: '${BLOCKS:-6}', load: { rate: '${RATE:-5/s}' }, tls: { insecure: '${I:-false}' } }],
    ['a count as text', { target: { url: 'http://h', expectStatus: [200, '3xx'], localAddress: '127.0.0.2' }, blocks: '6' }],
  ])('accepts %s, as the loader does', (_what, document) => {
    expect(accepts(document)).toBe(true);
    expect(complaints(() => load(JSON.stringify(document)))).toBe('');
  });
});

describe('every member of the lists', () => {
  it.each(PACERS)('pacer $kind hides no key of load with its options', ({ options }) => {
    expect(Object.keys(options).filter((name) => ['pacer', 'duration', 'warmup', 'washout', 'workers', 'maxInFlight', 'pacing'].includes(name))).toEqual([]);
  });

  it.each(POLICIES)('policy $kind hides no key of an arm, and can be written in a file', ({ kind, options }) => {
    expect(Object.keys(options).filter((name) => ['policy', 'name', 'client'].includes(name))).toEqual([]);
    expect(load(`target: { url: http://h }\narms: [${kind}]`).arms[0]?.policy).toBe(kind);
  });

  it.each(CLIENTS)('client $kind can be written in a file', ({ kind }) => {
    expect(load(`target: { url: http://h }\narms: [{ policy: reused, client: ${kind} }]`).arms[0]?.client).toBe(kind);
  });
});

describe.each(shipped)('scenarios/%s', (name) => {
  it('opens with the schema and one sentence of purpose', () => {
    const [schema, purpose, next] = read(name).split('\n');
    expect(schema).toBe('# yaml-language-server: $schema=./scenario.schema.json');
    expect(purpose).toMatch(/^# [A-Z].*\.$/);
    expect(next).not.toMatch(/^#/);
  });

  it('loads without a complaint and without an environment', () => {
    expect(complaints(() => load(read(name), { file: `scenarios/${name}` }))).toBe('');
  });

  it('is valid by the published schema', () => {
    expect(accepts(filledIn(parse(read(name)))), JSON.stringify(validate.errors)).toBe(true);
    expect(accepts({ ...(filledIn(parse(read(name))) as object), unknown: 1 })).toBe(false);
  });
});

describe('the template', () => {
  const template = scenarioTemplate('http://127.0.0.1:8080/');

  it('loads, and is valid by the published schema', () => {
    expect(load(template).arms.map(({ name }) => name)).toEqual(['reused', 'fresh']);
    expect(accepts(filledIn(parse(template))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('shows every key there is', () => {
    const { properties } = scenarioJsonSchema() as { properties: Record<string, { properties?: object }> };
    const keys = Object.entries(properties).flatMap(([key, section]) => [key, ...Object.keys(section.properties ?? {})]);
    expect(keys.length).toBeGreaterThan(25);
    expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(template))).toEqual([]);
  });
});
