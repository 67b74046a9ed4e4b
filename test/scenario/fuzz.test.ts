import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ScenarioError } from '../../src/scenario/complaints.js';
import { scenarioFromUrl, withFlags, type Flags } from '../../src/scenario/from-url.js';
import { scenarioTemplate } from '../../src/scenario/template.js';
import { load } from './reading.js';

vi.setConfig({ testTimeout: 60_000 }); // many runs, on a machine that others use too

const folder = new URL('../../scenarios/', import.meta.url);
const valid = [...readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((name) => readFileSync(new URL(name, folder), 'utf8')), scenarioTemplate('https://h/').replace(/^(\s*)#(?=\S)/gm, '$1')];

const SCRAPS = ['"', "'", '{', '}', '[', ']', ':', ': ', '- ', '\n', '  ', '\t', '&a ', '*a', '<<: *a', '!!binary ', '|\n', '? ', '#', '${', '${X}', '$${', '---\n', '0', '-1', '1e999', '.nan', 'null', '~', 'true', '__proto__', 'constructor', '\u0000', '\ud800', '\u2028', '\ufeff'];

/** Nothing but a ScenarioError comes out, each complaint is one line with a place, and a scenario that does come out can be used. */
function survives(read: () => unknown, place: RegExp): void {
  try {
    expect(read()).toMatchObject({ arms: expect.any(Array) as unknown, baseline: expect.any(String) as unknown });
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    expect(error.complaints.length).toBeGreaterThan(0);
    for (const line of error.message.split('\n')) expect(line).toMatch(place);
  }
}

const PLACE = /^x\.yaml:\d+( [^\n]+?)?: \S/;

describe('the loader survives', () => {
  it('any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.array(fc.constantFrom(...SCRAPS)).map((parts) => parts.join(''))), (text) => survives(() => load(text), PLACE)), { numRuns: 500 });
  });

  it('any plain data', () => {
    const key = fc.constantFrom('target', 'url', 'load', 'pacer', 'arms', 'policy', 'tls', 'headers', 'body', 'json', 'file', 'requests', 'path', 'expectations', 'baseline', 'rate', 'steps', 'name', '__proto__', 'toString', '');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'medium' }, fc.constantFrom<unknown>('http://h', 'reused', 'poisson', '5/s', '1s', '', null, true, 0, -1, 1.5, 'fresh.opened < 3', '${X}', 'a\nb'), fc.string(), fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(key, tie('tree'), { maxKeys: 5 })),
    }));
    fc.assert(fc.property(fc.dictionary(key, tree, { maxKeys: 8 }), (data) => survives(() => load(JSON.stringify(data)), PLACE)), { numRuns: 500 });
  });

  it('a valid scenario with pieces cut out, put in or moved', () => {
    const cut = fc.record({ at: fc.nat(), length: fc.nat({ max: 30 }), put: fc.oneof(fc.constantFrom('', ...SCRAPS), fc.string({ maxLength: 10 })) });
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.array(cut, { minLength: 1, maxLength: 4 }), (text, cuts) => {
        const mutated = cuts.reduce((before, { at, length, put }) => {
          const start = at % (before.length + 1);
          return before.slice(0, start) + put + before.slice(start + length);
        }, text);
        survives(() => load(mutated), PLACE);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the flags survive', () => {
  it('any words', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('5/s', '1s', '3', 'reused', 'capped:requests=2', 'constant', 'undici', 'k: v', 'failures = 0', 'http://h', '__proto__:x=y', '__proto__: v', 'constructor'));
    const flags: fc.Arbitrary<Flags> = fc.record(
      {
        arm: fc.array(word, { maxLength: 3 }), header: fc.array(word, { maxLength: 3 }), expect: fc.array(word, { maxLength: 2 }), insecure: fc.boolean(),
        ...Object.fromEntries(['rate', 'pacer', 'pacing', 'duration', 'warmup', 'washout', 'blocks', 'connections', 'workers', 'maxInFlight', 'client', 'seed', 'name', 'ca', 'method', 'body'].map((flag) => [flag, word])),
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.oneof(fc.webUrl(), word), flags, (url, given) => survives(() => scenarioFromUrl(url, given), /\S/)), { numRuns: 500 });
    fc.assert(fc.property(flags, (given) => survives(() => withFlags(scenarioFromUrl('https://h', {}), given), /^--[a-z-]+( .+)?: \S/)), { numRuns: 300 });
  });
});
