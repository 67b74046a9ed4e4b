import { describe, expect, it } from 'vitest';
import { DEFAULT_CLIENT } from '../../src/clients/client.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolve } from '../../src/scenario/resolve.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { ClientWords } from '../../src/scenario/lists.js';
import { complaints, load, PEM, text } from './reading.js';

describe('a scenario that says only where', () => {
  it('has every default', () => {
    expect(load('target: { url: http://h/items?page=2 }', { file: 'folder/staging.yaml' })).toEqual({
      name: 'staging',
      target: {
        url: 'http://h/items?page=2',
        requests: [{ name: 'GET /items?page=2', method: 'GET', path: '/items?page=2', headers: {}, body: null, weight: 1 }],
        expectStatus: ['2xx', '3xx'],
        localAddress: [],
        socketPath: '',
      },
      tls: { ca: '', insecure: false, servername: '', cert: '', key: '', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', ciphers: '', ecdhCurve: '' },
      load: { pacer: 'poisson', options: { rate: 200 }, durationNs: 2e9, warmupNs: 5e8, washoutNs: 1e8, workers: 0, maxInFlight: 1000, pacing: 'hybrid' },
      arms: [
        { name: 'reused', policy: 'reused', options: { connections: 32 }, client: DEFAULT_CLIENT },
        { name: 'fresh', policy: 'fresh', options: { connections: 32, closeBy: 'server' }, client: DEFAULT_CLIENT },
      ],
      baseline: 'fresh',
      blocks: 6,
      until: null,
      declared: { quantiles: [0.5, 0.99], marginNs: null },
      timeouts: { connectNs: 5e9, responseNs: 1e10, closeNs: 1e9 },
      expectations: [],
    });
  });

  it('runs resumed too over https', () => {
    expect(load('target: { url: https://h }').arms.map(({ name }) => name)).toEqual(['reused', 'fresh', 'resumed']);
  });

  it('has no seed, so that one is drawn', () => {
    expect(load('target: { url: http://h }')).not.toHaveProperty('seed');
  });

  it.each([['scenarios/a b!.yml', 'a-b-'], ['/x/.yaml', 'yaml'], ['...', 'scenario'], ['two.words.yaml', 'two.words']])('in %s is named %s', (file, name) => {
    expect(load('target: { url: http://h }', { file }).name).toBe(name);
  });
});

describe('requests', () => {
  const several = load(
    `target:
  url: http://h/base/
  method: POST
  headers: { Accept: text/plain, x-id: 5, x-flag: true }
  body: { json: { a: [1, two] } }
  requests:
    - {}
    - { path: items, headers: { accept: application/json, content-type: application/x }, weight: 2.5 }
    - { name: one, method: get, path: /items/1, weight: "3" }
    - { path: "?q=ü", body: { file: ./b.bin } }
`,
    { file: 'dir/x.yaml', files: { 'dir/b.bin': 'bytes' } },
  ).target.requests;

  it('resolve their paths against the url', () => {
    expect(several.map(({ path }) => path)).toEqual(['/base/', '/base/items', '/items/1', '/base/?q=%C3%BC']);
  });

  it('are named by method and path unless they have a name', () => {
    expect(several.map(({ name }) => name)).toEqual(['POST /base/', 'POST /base/items', 'one', 'POST /base/?q=%C3%BC']);
  });

  it('put their headers over the target’s, whatever the capitals', () => {
    expect(several[1]?.headers).toEqual({ accept: 'application/json', 'x-id': '5', 'x-flag': 'true', 'content-type': 'application/x' });
  });

  it('inherit a body with its method only', () => {
    expect(several.map(({ body }) => body && text(body))).toEqual(['{"a":[1,"two"]}', '{"a":[1,"two"]}', null, 'bytes']);
  });

  it('say that a JSON body is JSON unless the headers say otherwise', () => {
    expect(several.map(({ headers }) => headers['content-type'])).toEqual(['application/json', 'application/x', undefined, undefined]);
  });

  it('have weights', () => {
    expect(several.map(({ weight }) => weight)).toEqual([1, 2.5, 3, 1]);
  });

  it('may send a body with GET, and a Host of their own', () => {
    expect(load('target: { url: http://h, headers: { host: other }, body: "hi" }').target.requests[0]).toMatchObject({ method: 'GET', headers: { host: 'other' }, body: new TextEncoder().encode('hi') });
  });
});

describe('target and tls', () => {
  it('read files from the folder of the scenario, absolute paths as they are', () => {
    const scenario = load('target: { url: https://h, socketPath: run/app.sock }\ntls: { ca: ../ca.pem, cert: c.pem, key: /etc/k.pem, insecure: "true", minVersion: TLSv1.3 }', {
      file: 'a/b/x.yaml',
      files: { 'a/ca.pem': PEM, 'a/b/c.pem': PEM, '/etc/k.pem': PEM },
    });
    expect(scenario.tls).toMatchObject({ ca: PEM, cert: PEM, key: PEM, insecure: true, minVersion: 'TLSv1.3' });
    expect(scenario.target.socketPath).toBe('a/b/run/app.sock');
  });

  it('take one local address or several, and statuses as numbers or classes', () => {
    expect(load('target: { url: http://h, localAddress: 127.0.0.2, expectStatus: 200 }').target).toMatchObject({ localAddress: ['127.0.0.2'], expectStatus: ['200'] });
    expect(load('target: { url: http://h, localAddress: [127.0.0.2, "::1"], expectStatus: [204, 3XX] }').target).toMatchObject({ localAddress: ['127.0.0.2', '::1'], expectStatus: ['204', '3xx'] });
  });

  it('drop the fragment, which is never sent', () => {
    expect(load('target: { url: "http://h/a#b" }').target.url).toBe('http://h/a');
  });
});

describe('load', () => {
  it.each([
    ['constant', 'pacer: constant, rate: 2k/s', { rate: 2000 }],
    ['ramp', 'pacer: ramp, from: 0/s, to: 60/m, over: 1.5m', { from: 0, to: 1, over: 9e10 }],
    ['steps', 'pacer: steps, steps: [{ rate: 5/s, for: 1s }, { rate: 0/s, for: 250ms }]', { steps: [{ rate: 5, forNs: 1e9 }, { rate: 0, forNs: 2.5e8 }] }],
    ['closed', 'pacer: closed, inFlight: 8', { inFlight: 8 }],
  ])('reads the options of %s beside it', (pacer, yaml, options) => {
    expect(load(`target: { url: http://h }\nload: { ${yaml}, workers: 2, pacing: timer, warmup: 0, washout: 2s }`).load).toMatchObject({ pacer, options, workers: 2, pacing: 'timer', warmupNs: 0, washoutNs: 2e9 });
  });

  it('takes workers: auto as 0', () => {
    expect(load('target: { url: http://h }\nload: { workers: auto }').load.workers).toBe(0);
  });
});

describe('arms', () => {
  it('may be bare words or mappings with options, a name and a client', () => {
    const { arms } = load('target: { url: http://h }\narms: [reused, { policy: capped, name: few, requests: 10, closeBy: reset, client: undici }]');
    expect(arms[1]).toEqual({ name: 'few', policy: 'capped', options: { connections: 32, requests: 10, closeBy: 'reset' }, client: 'undici' });
  });

  it.each([
    ['the arm named fresh', '[{ policy: fresh, name: other }, { policy: reused, name: fresh }]', 'fresh'],
    ['else the first of the policy fresh', '[reused, { policy: fresh, name: other }]', 'other'],
    ['else the first', '[capped, reused]', 'capped'],
  ])('are compared with %s', (_what, arms, baseline) => {
    expect(load(`target: { url: http://h }\narms: ${arms}`).baseline).toBe(baseline);
  });

  it('whose client cannot carry out the policy are refused with its reason', () => {
    const clients: readonly ClientWords[] = [{ kind: DEFAULT_CLIENT, summary: '', supports: (rules) => rules.closeBy !== 'reset' || 'it cannot reset a connection' }];
    const raw = { target: { url: 'http://h' }, arms: ['fresh', { policy: 'fresh', name: 'rude', closeBy: 'reset' }] };
    const resolved = resolve(raw, { name: 'x', locate: (path) => path, readFile: () => new Uint8Array(), clients });
    expect(resolved).toEqual({ scenario: undefined, flaws: [{ path: ['arms', 1], message: `the client ${DEFAULT_CLIENT} cannot carry out the arm "rude": it cannot reset a connection` }] });
  });
});

describe('YAML', () => {
  it('may use anchors and merge keys; what is nearer counts', () => {
    const { arms } = load('target: { url: http://h }\narms:\n  - &base { policy: reused, connections: 4 }\n  - { <<: *base, name: b }\n  - { <<: [{ connections: 9 }, *base], name: c }\n  - { name: d, connections: 7, <<: *base }\n');
    expect(arms.map(({ name, options }) => [name, options.connections])).toEqual([['reused', 4], ['b', 4], ['c', 9], ['d', 7]]);
  });

  it('that merges something else than a mapping is refused', () => {
    expect(complaints(() => load('target: { url: http://h }\nload: { <<: 5 }'))).toBe('x.yaml:2 load.<<: found the number 5; << takes a mapping such as *name'.replace('load.<<', 'load."<<"'));
  });

  it('may be JSON', () => {
    expect(load('{"target": {"url": "http://h"}, "blocks": 2}').blocks).toBe(2);
  });
});

describe('the environment', () => {
  it('is put into values, which are then read like any other', () => {
    const yaml = 'target: { url: "${URL}", headers: { authorization: "Bearer ${TOKEN}" }, body: { json: { k: "$${TOKEN}" } } }\nblocks: ${BLOCKS:-6}\nload: { rate: "${RATE:-500/s}" }\ntls: { insecure: "${INSECURE:-true}" }';
    const scenario = load(yaml, { env: { URL: 'https://h/', TOKEN: 'a: b, c', BLOCKS: '3' } });
    expect(scenario).toMatchObject({ blocks: 3, load: { options: { rate: 500 } }, tls: { insecure: true }, target: { requests: [{ headers: { authorization: 'Bearer a: b, c' } }] } });
    expect(text(scenario.target.requests[0]?.body)).toBe('{"k":"${TOKEN}"}');
  });

  it('cannot change the structure', () => {
    expect(complaints(() => load('target: { url: http://h }\nname: ${X}', { env: { X: 'a\nblocks: 99' } }))).toMatch(/^x\.yaml:2 name: "a\\nblocks: 99" cannot be part of a file name/);
  });
});

describe('a request body in a file', () => {
  const yaml = 'target: { url: http://h, method: POST, body: { file: b.bin } }';
  const MiB = 1024 * 1024;
  const loadFrom = (bytes: number): Scenario =>
    loadScenario(yaml, 'dir/x.yaml', {}, (path) => new TextEncoder().encode(`read ${path}`), () => ({ bytes, modifiedMs: 5 }));

  it('is read into memory up to 1 MiB', () => {
    expect(text(loadFrom(MiB).target.requests[0]?.body)).toBe('read dir/b.bin');
  });

  it('stays on disk above it, and the plan knows its size and its last change', () => {
    expect(loadFrom(MiB + 1).target.requests[0]?.body).toEqual({ path: 'dir/b.bin', length: MiB + 1, modifiedMs: 5 });
  });

  it('that is not there is a flaw at its line', () => {
    const absent = (): never => { throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' }); };
    expect(complaints(() => loadScenario(yaml, 'dir/x.yaml', {}, absent, absent))).toMatch(/^dir\/x\.yaml:1 target\.body\.file: there is no file "dir\/b\.bin"/);
  });
});
