import { describe, expect, it } from 'vitest';
import { scenarioFromUrl, withFlags, type Flags } from '../../src/scenario/from-url.js';
import { complaints, load, PEM, text } from './reading.js';

describe('a URL alone', () => {
  it('is the scenario that says only where', () => {
    expect(scenarioFromUrl('http://h/', {})).toEqual(load('target: { url: http://h/ }', { file: 'h.yaml' }));
    expect(scenarioFromUrl('https://h/', {}).arms.map(({ name }) => name)).toEqual(['reused', 'fresh', 'resumed']);
  });

  it.each([['http://127.0.0.1:8080/x', '127-0-0-1-8080'], ['https://Staging.Example.com', 'staging-example-com'], ['http://[::1]:80', '1'], ['http://[::]', 'scenario']])('%s is named %s', (url, name) => {
    expect(scenarioFromUrl(url, {}).name).toBe(name);
  });

  it.each([
    ['localhost:8080', '"localhost:8080" says neither http nor https; write http://localhost:8080'],
    ['staging.yml', '"staging.yml" says neither http nor https; write http://staging.yml'],
    ['ws://h', '"ws://h" is not an http or https URL'],
    ['', '"" is not a URL; write one like https://staging.example.com/items'],
  ])('"%s" is refused', (url, said) => {
    expect(complaints(() => scenarioFromUrl(url, {}))).toBe(said);
  });

  it('that is wrong is told together with wrong flags', () => {
    expect(complaints(() => scenarioFromUrl('h', { rate: '5' }))).toBe('"h" says neither http nor https; write http://h\n--rate: "5" has no unit; write 5/s');
  });
});

describe('flags', () => {
  it('say everything that a load and a request can', () => {
    const flags: Flags = {
      rate: '1k/s', pacer: 'constant', pacing: 'timer', duration: '10s', warmup: '2s', washout: '3s', blocks: '3', workers: '2', maxInFlight: '50', seed: '9', name: 'run-1',
      insecure: true, ca: PEM, header: ['Accept: a/b', 'x-time: 10:30'], method: 'post', body: 'hi', connections: '8', client: 'undici', expect: ['failures = 0'],
    };
    const scenario = scenarioFromUrl('http://h/x', flags);
    expect(scenario).toMatchObject({
      name: 'run-1', blocks: 3, seed: 9,
      load: { pacer: 'constant', options: { rate: 1000 }, pacing: 'timer', durationNs: 1e10, warmupNs: 2e9, washoutNs: 3e9, workers: 2, maxInFlight: 50 },
      tls: { insecure: true, ca: PEM },
      target: { requests: [{ name: 'POST /x', method: 'POST', headers: { Accept: 'a/b', 'x-time': '10:30' } }] },
      arms: [{ name: 'reused', options: { connections: 8 }, client: 'undici' }, { name: 'fresh', options: { connections: 8 }, client: 'undici' }],
      expectations: [{ text: 'failures = 0' }],
    });
    expect(text(scenario.target.requests[0]?.body)).toBe('hi');
  });

  it('name arms by policy, with options that count before those said to all', () => {
    const { arms, baseline } = scenarioFromUrl('http://h/', { arm: ['reused', 'capped:requests=7,connections=3', 'idle-gap:gap=2s,name=rest'], connections: '5' });
    expect(arms.map(({ name, policy, options }) => [name, policy, options])).toEqual([
      ['reused', 'reused', { connections: 5 }],
      ['capped', 'capped', { connections: 3, requests: 7, closeBy: 'server' }],
      ['rest', 'idle-gap', { connections: 5, gap: 2e9 }],
    ]);
    expect(baseline).toBe('reused');
  });

  it.each<readonly [string, Flags, string]>([
    ['a rate without a unit', { rate: '500' }, '--rate: "500" has no unit; write 500/s'],
    ['a duration without a unit', { duration: '10' }, '--duration: "10" has no unit; write 10ms or 10s'],
    ['a count in words', { maxInFlight: 'many' }, '--max-in-flight: "many" is not a whole number; write one like 1000'],
    ['an unknown pacer', { pacer: 'constnt' }, '--pacer: there is no pacer "constnt"; did you mean "constant"?'],
    ['a rate for a pacer without one', { pacer: 'closed', rate: '5/s' }, '--rate: the pacer "closed" has no option "rate" (constant, poisson have it); its options are inFlight'],
    ['a pacer that needs more than flags', { pacer: 'steps' }, '--pacer: the pacer "steps" needs steps; no flag can say that; write it in a scenario file'],
    ['an unknown policy', { arm: ['reusd'] }, '--arm: there is no arm or policy "reusd"; did you mean "reused"?'],
    ['an option without a value', { arm: ['capped:requests'] }, '--arm capped: "requests" is not an option with its value; write --arm capped:option=value,option=value'],
    ['an option of another policy', { arm: ['reused:gap=1s'] }, '--arm reused.gap: the policy "reused" has no option "gap" (idle-gap has it); its options are connections'],
    ['a bad value of an option', { arm: ['capped:requests=x'] }, '--arm capped.requests: "x" is not a whole number; write one like 100'],
    ['an arm twice', { arm: ['reused', 'reused'] }, '--arm: a second arm is named "reused"; give it a name: --arm policy:name=another'],
    ['no connections', { connections: '0' }, '--connections: 0 is too small; write 1 or more'],
    ['an unknown client', { client: 'undicy' }, '--client: there is no client "undicy"; did you mean "undici"?'],
    ['a header without a colon', { header: ['accept'] }, '--header: "accept" is not a header; write --header \'name: value\''],
    ['a header of the policy’s', { header: ['Connection: close'] }, '--header Connection: not yours to set: the policy says when a connection is kept and when it ends; choose a policy instead'],
    ['a name that is no file name', { name: 'a/b' }, '--name: "a/b" cannot be part of a file name; use letters, digits, ., _ and -, at most 80'],
    ['CONNECT', { method: 'CONNECT' }, '--method: CONNECT turns a connection into a tunnel, so no policy could use it again; choose another method'],
    ['a file that is no certificate', { ca: 'hello' }, '--ca: the file holds no PEM certificate (-----BEGIN CERTIFICATE-----)'],
    ['an expectation of no arm', { expect: ['capped.opened < 3'] }, '--expect: there is no arm "capped"; the arms are reused, fresh'],
    ['an expectation of no sense', { expect: ['opened'] }, '--expect: "opened", column 1: there is no comparison; write one like reused.response.p99 < 20ms, reused.opened <= 32, failures = 0 or fresh - reused at p50 > 5ms'],
    ['pacing of neither kind', { pacing: 'spin' }, '--pacing: "spin" is not one of hybrid, timer; write hybrid'],
    ['several at once', { rate: '5', blocks: '0' }, '--rate: "5" has no unit; write 5/s\n--blocks: 0 is too small; write 1 or more'],
  ])('refuse %s', (_what, flags, said) => {
    expect(complaints(() => scenarioFromUrl('http://h/', flags))).toBe(said);
  });

  it('refuse a client that cannot carry out an arm', () => {
    const clients = [{ kind: 'wire', summary: '', supports: () => true as const }, { kind: 'undici', summary: '', supports: () => 'it is tired' }];
    expect(complaints(() => scenarioFromUrl('http://h/', { arm: ['fresh'], client: 'undici' }, clients))).toBe('--client: the client undici cannot carry out the arm "fresh": it is tired');
  });
});

describe('flags over a scenario file', () => {
  const file = load(`target:
  url: http://h/
  headers: { accept: a/b, x: 1 }
  requests: [{ path: /a }, { name: b, path: /b, method: PUT, body: old }]
load: { pacer: ramp, from: 5/s, to: 50/s, over: 2s, warmup: 0s }
arms: [{ policy: reused, name: small, connections: 2 }, fresh]
baseline: small
blocks: 4
seed: 3
expectations: ["fresh.opened > 1"]
`);

  it('change nothing when there are none', () => {
    expect(withFlags(file, {})).toEqual(file);
  });

  it('leave what they do not name', () => {
    expect(withFlags(file, { blocks: '2', connections: '7' })).toEqual({
      ...file,
      blocks: 2,
      arms: file.arms.map((arm) => ({ ...arm, options: { ...arm.options, connections: 7 } })),
    });
  });

  it('speak to every request', () => {
    const { requests } = withFlags(file, { header: ['Accept: c/d'], method: 'POST' }).target;
    expect(requests.map(({ name, method, headers }) => [name, method, headers])).toEqual([
      ['POST /a', 'POST', { Accept: 'c/d', x: '1' }],
      ['b', 'POST', { Accept: 'c/d', x: '1' }],
    ]);
  });

  it('pick arms of the file by name, with the options they have there', () => {
    expect(withFlags(file, { arm: ['fresh', 'small', 'reused'] }).arms.map(({ name, options }) => [name, options.connections])).toEqual([['fresh', 32], ['small', 2], ['reused', 32]]);
  });

  it('choose a new baseline only when the old one does not run', () => {
    expect(withFlags(file, { arm: ['fresh', 'small'] }).baseline).toBe('small');
    expect(withFlags(file, { arm: ['fresh', 'reused'] }).baseline).toBe('fresh');
  });

  it('keep the options that another pacer shares', () => {
    const constant = withFlags(file, { pacer: 'constant', rate: '30/s' });
    expect(constant.load).toMatchObject({ pacer: 'constant', options: { rate: 30 }, warmupNs: 0 });
    expect(withFlags(constant, { pacer: 'poisson' }).load.options).toEqual({ rate: 30 });
  });

  it('may not silently drop what the file expects', () => {
    expect(complaints(() => withFlags(file, { arm: ['small'] }))).toBe('--arm: there is no arm "fresh", but the scenario expects "fresh.opened > 1"; run that arm too, or give --expect to expect something else');
    expect(withFlags(file, { arm: ['small'], expect: ['small.opened = 2'] }).expectations).toHaveLength(1);
  });
});
