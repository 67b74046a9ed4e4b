import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenarioTemplate } from '../../src/scenario/template.js';
import { load, PEM } from './reading.js';

describe('the scenario that init writes', () => {
  it('still loads with every setting switched on', () => {
    const on = scenarioTemplate('https://h/').replace(/^(\s*)#(?=\S)/gm, '$1');
    const scenario = load(on, { files: { 'ca.pem': PEM, 'client.pem': PEM, 'client-key.pem': PEM } });
    expect(scenario.arms.map(({ name }) => name)).toEqual(['reused', 'fresh', 'capped-100', 'idle-gap']);
    expect(scenario).toMatchObject({ name: 'staging', seed: 7, target: { requests: [{ weight: 3 }, { name: 'one item' }] } });
    expect(scenario.expectations).toHaveLength(4);
  });

  it('means what it shows: switching a default on changes nothing', () => {
    const template = scenarioTemplate('http://h/');
    for (const line of ['method: GET', 'expectStatus:', 'warmup:', 'workers:', 'maxInFlight:', 'pacing:', 'closeBy:', 'baseline:', 'timeouts:']) {
      const on = template.replace(`#${line}`, line);
      expect(on).not.toBe(template);
      expect(load(on)).toEqual(load(template));
    }
  });

  it('holds any URL as it is', () => {
    const odd = fc.constantFrom('${HOME}', '#x', '?a=${B:-c}', '?q="\'', ': {', '%7B', '?$${');
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), odd, (url, tail) => {
        const whole = `${url}${tail}`;
        fc.pre(URL.canParse(whole));
        const expected = new URL(whole);
        expected.hash = '';
        expect(load(scenarioTemplate(whole)).target.url).toBe(expected.href);
      }),
      { numRuns: 50 },
    );
  });
});
