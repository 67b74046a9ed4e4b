import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/complaints.js';
import { RequestError } from '../../src/errors.js';
import { complaints, load } from './reading.js';

const TARGET = 'target: { url: http://h/ }\n';

/** What is wrong in words, the scenario, and everything that is said about it. */
const TABLE: readonly (readonly [what: string, yaml: string, said: string])[] = [
  ['an empty file', '', 'x.yaml:1: the file is empty; write target: with a url: under it'],
  ['only comments', '# nothing\n', 'x.yaml:1: the file is empty; write target: with a url: under it'],
  ['a text', 'hello', 'x.yaml:1: found "hello"; write target: with a url: under it'],
  ['a list', '- a\n- b\n', 'x.yaml:1: found a list; write target: with a url: under it'],
  ['broken YAML', `${TARGET}load: { rate: 5/s\n`, 'x.yaml:3: not YAML: Flow map in block collection must be sufficiently indented and end with a }'],
  ['two documents', `${TARGET}---\na: 1\n`, 'x.yaml:2: a second YAML document begins here; a scenario file holds one'],
  ['an unknown tag', `${TARGET}name: !foo bar\n`, 'x.yaml:2: not YAML: Unresolved tag: !foo'],
  ['a key written twice', `${TARGET}blocks: 2\nseed: 1\nblocks: 3\n`, 'x.yaml:4 blocks: written twice, first in line 2; keep one'],
  ['an anchor that is not there', `${TARGET}load: *base\n`, 'x.yaml:2 load: there is no anchor &base before this'],
  ['an alias inside what it names', `${TARGET}load: &a { x: *a }\n`, 'x.yaml:2: an alias stands inside what it names'],
  ['a list as a key', `${TARGET}load: { [a]: 1 }\n`, 'x.yaml:2 load: a list stands where a key is wanted; write a plain word'],
  ['no target', 'blocks: 2\n', 'x.yaml:1 target: missing; write { url: https://staging.example.com/ }'],
  ['no url', 'blocks: 2\ntarget: { method: GET }\n', 'x.yaml:2 target.url: missing; write a URL like https://staging.example.com/items'],
  ['an empty section', `${TARGET}load:\n`, 'x.yaml:2 load: nothing is written here; write { rate: 200/s, duration: 2s }, or take the key away'],
  ['an unknown section near a known one', `${TARGET}\nlaod: {}\n`, 'x.yaml:3 laod: unknown key; did you mean "load"?'],
  ['an unknown key like no other', `${TARGET}timeouts: { dns: 1s }\n`, 'x.yaml:2 timeouts.dns: unknown key; the keys here are connect, response, close'],
  ['a url without a scheme', 'target:\n  url: localhost:8080/x\n', 'x.yaml:2 target.url: "localhost:8080/x" says neither http nor https; write http://localhost:8080/x'],
  ['another scheme', 'target: { url: "ftp://h/" }\n', 'x.yaml:1 target.url: "ftp://h/" is not an http or https URL'],
  ['no url at all', 'target: { url: "http://" }\n', 'x.yaml:1 target.url: "http://" is not a URL; write one like https://staging.example.com/items'],
  ['a password in the url', 'target: { url: "http://u:secret@h/" }\n', 'x.yaml:1 target.url: holds a user name or password, which would end up in reports; write them as a header: authorization: "Basic …"'],
  ['CONNECT', 'target: { url: http://h/, method: connect }\n', 'x.yaml:1 target.method: CONNECT turns a connection into a tunnel, so no policy could use it again; choose another method'],
  ['a method with a space', 'target: { url: http://h/, method: GET IT }\n', 'x.yaml:1 target.method: "GET IT" is not a method; write one like GET or POST'],
  ['a header of the policy’s', 'target:\n  url: http://h/\n  headers:\n    Connection: close\n', 'x.yaml:4 target.headers.Connection: not yours to set: the policy says when a connection is kept and when it ends; choose a policy instead'],
  ['a header of the body’s', 'target: { url: http://h/, headers: { content-length: 3 } }\n', 'x.yaml:1 target.headers.content-length: not yours to set: it follows from the body; take it away'],
  ['a header name with a space', 'target: { url: http://h/, headers: { "a b": 3 } }\n', 'x.yaml:1 target.headers."a b": "a b" is not a header name; use letters, digits and -'],
  ['a header value with a line break', 'target: { url: http://h/, headers: { a: "x\\ny" } }\n', 'x.yaml:1 target.headers.a: holds a character that a header may not carry, such as a line break'],
  ['one header in two writings', 'target: { url: http://h/, headers: { a: 1, A: 2 } }\n', 'x.yaml:1 target.headers.A: the same header as a; keep one'],
  ['headers as a list', 'target: { url: http://h/, headers: [a] }\n', 'x.yaml:1 target.headers: found a list; write headers like { accept: application/json }'],
  ['a body of two kinds', 'target: { url: http://h/, body: { file: a, json: 1 } }\n', 'x.yaml:1 target.body: both file and json; keep one of them'],
  ['a body of no kind', 'target: { url: http://h/, body: 5 }\n', 'x.yaml:1 target.body: found the number 5; write a text in quotes, { file: ./body.json } or { json: { … } }'],
  ['a body file that is not there', 'target: { url: http://h/, body: { file: ./b.json } }\n', 'x.yaml:1 target.body.file: there is no file "b.json"; paths are relative to the scenario file'],
  ['a path to another host', 'target: { url: http://h/, requests: [{ path: "//evil/x" }] }\n', 'x.yaml:1 target.requests[0].path: "//evil/x" leads away from http://h; write a path like /items'],
  ['no requests in the list', 'target: { url: http://h/, requests: [] }\n', 'x.yaml:1 target.requests: the list is empty; write a list like [{ path: /items }]'],
  ['a weight of zero', 'target: { url: http://h/, requests: [{ weight: 0 }] }\n', 'x.yaml:1 target.requests[0].weight: 0 is not a weight; write a number above 0, like 3'],
  ['a status that is none', 'target: { url: http://h/, expectStatus: [2xx, 999] }\n', 'x.yaml:1 target.expectStatus[1]: 999 is not a status; write a code like 200 or a class like 2xx'],
  ['a local address that is a name', 'target: { url: http://h/, localAddress: lo }\n', 'x.yaml:1 target.localAddress: "lo" is not an IP address; write one like 127.0.0.2'],
  ['TLS versions upside down', `${TARGET}tls: { minVersion: TLSv1.3, maxVersion: TLSv1.2 }\n`, 'x.yaml:2 tls.minVersion: TLSv1.3 is newer than maxVersion TLSv1.2; no version is left to speak; change one of them'],
  ['an unknown TLS version', `${TARGET}tls: { minVersion: 1.2 }\n`, 'x.yaml:2 tls.minVersion: 1.2 is not one of TLSv1.2, TLSv1.3; write TLSv1.2'],
  ['a boolean that is none', `${TARGET}tls: { insecure: yep }\n`, 'x.yaml:2 tls.insecure: "yep" is neither true nor false'],
  ['a number for a text', `${TARGET}name: 2024\n`, 'x.yaml:2 name: found the number 2024; put it in quotes: "2024"'],
  ['a name that is no file name', `${TARGET}name: a/b\n`, 'x.yaml:2 name: "a/b" cannot be part of a file name; use letters, digits, ., _ and -, at most 80'],
  ['a rate without a unit', `${TARGET}load:\n  rate: 500\n`, 'x.yaml:3 load.rate: "500" has no unit; write 500/s'],
  ['a rate of zero', `${TARGET}load: { rate: 0/s }\n`, 'x.yaml:2 load.rate: "0/s" sends nothing; write a rate above 0, like 200/s'],
  ['a rate past every clock', `${TARGET}load: { rate: 2000000k/s }\n`, 'x.yaml:2 load.rate: "2000000k/s" is too fast; write 1000000k/s or less'],
  ['a duration with an unknown unit', `${TARGET}load: { duration: 2 sec }\n`, 'x.yaml:2 load.duration: "2 sec" has the unknown unit "sec"; use ms, s, m or h'],
  ['a pause without a unit', `${TARGET}load:\n  rate: 5/s\n  washout: 2\n`, 'x.yaml:4 load.washout: "2" has no unit; write 2ms or 2s'],
  ['a duration without a unit', `${TARGET}load: { warmup: 500 }\n`, 'x.yaml:2 load.warmup: "500" has no unit; write 500ms or 500s'],
  ['no window', `${TARGET}load: { duration: 0s }\n`, 'x.yaml:2 load.duration: "0s" is too short; write 1ms or more'],
  ['a window of days', `${TARGET}load: { duration: 25h }\n`, 'x.yaml:2 load.duration: "25h" is too long; write 24h or less'],
  ['an unknown pacer', `${TARGET}load: { pacer: poison }\n`, 'x.yaml:2 load.pacer: there is no pacer "poison"; did you mean "poisson"?'],
  ['an option of another pacer', `${TARGET}load: { pacer: ramp, rate: 5/s }\n`, 'x.yaml:2 load.rate: the pacer "ramp" has no option "rate" (constant, poisson have it); its options are from, to, over'],
  ['a ramp that takes no time', `${TARGET}load: { pacer: ramp, over: 0s }\n`, 'x.yaml:2 load.over: "0s" is too short; write one above 0, like 10s'],
  ['steps without steps', `${TARGET}load: { pacer: steps }\n`, 'x.yaml:2 load.steps: missing; write a list of steps like [{ rate: 100/s, for: 5s }]'],
  ['steps with no step', `${TARGET}load: { pacer: steps, steps: [] }\n`, 'x.yaml:2 load.steps: the list is empty; write a list of steps like [{ rate: 100/s, for: 5s }]'],
  ['steps that send nothing', `${TARGET}load: { pacer: steps, steps: [{ rate: 0/s, for: 1s }] }\n`, 'x.yaml:2 load.steps: every step has the rate 0 and sends nothing; give one of them a rate like 100/s'],
  ['workers neither a number nor auto', `${TARGET}load: { workers: many }\n`, 'x.yaml:2 load.workers: "many" is not a whole number; write one like 1, or auto'],
  ['part of a block', `${TARGET}blocks: 2.5\n`, 'x.yaml:2 blocks: 2.5 is not a whole number; write one like 6'],
  ['no block', `${TARGET}blocks: 0\n`, 'x.yaml:2 blocks: 0 is too small; write 1 or more'],
  ['no arms', `${TARGET}arms: []\n`, 'x.yaml:2 arms: the list is empty; write a list like [reused, fresh]'],
  ['an arm for the list', `${TARGET}arms: reused\n`, 'x.yaml:2 arms: found "reused"; write a list like [reused, fresh]'],
  ['an unknown policy, in short', `${TARGET}arms:\n  - reused\n  - resued\n`, 'x.yaml:4 arms[1]: there is no policy "resued"; did you mean "resumed"?'],
  ['an unknown policy, at length', `${TARGET}arms:\n  - { policy: frsh }\n`, 'x.yaml:3 arms[0].policy: there is no policy "frsh"; did you mean "fresh"?'],
  ['an arm without a policy', `${TARGET}arms:\n  - { name: x }\n`, 'x.yaml:3 arms[0].policy: missing; write one of capped, fresh, idle-gap, resumed, reused'],
  ['an arm that is a number', `${TARGET}arms: [5]\n`, 'x.yaml:2 arms[0]: found the number 5; write a policy like reused, or { policy: reused, connections: 8 }'],
  ['an option of another policy', `${TARGET}arms: [{ policy: reused, gap: 1s }]\n`, 'x.yaml:2 arms[0].gap: the policy "reused" has no option "gap" (idle-gap has it); its options are connections'],
  ['a misspelt option', `${TARGET}arms:\n  - policy: reused\n    conections: 8\n`, 'x.yaml:4 arms[0].conections: unknown key; did you mean "connections"?'],
  ['an unknown client', `${TARGET}arms: [{ policy: reused, client: undicy }]\n`, 'x.yaml:2 arms[0].client: "undicy" is not one of undici, wire; did you mean "undici"?'],
  ['a name with a dot', `${TARGET}arms: [{ policy: reused, name: a.b }]\n`, 'x.yaml:2 arms[0].name: "a.b" is not the name of an arm; use letters, digits, _ and -, at most 40'],
  ['two arms of one name', `${TARGET}arms:\n  - fresh\n  - { policy: fresh, connections: 8 }\n`, 'x.yaml:4 arms[1]: a second arm is named "fresh"; set name to tell them apart, for example name: fresh-2'],
  ['a baseline that does not run', `${TARGET}arms: [reused, fresh]\nbaseline: frehs\n`, 'x.yaml:3 baseline: there is no arm "frehs"; did you mean "fresh"?'],
  ['an expectation of an arm that does not run', `${TARGET}arms: [fresh]\nexpectations:\n  - capped.opened < 5\n`, 'x.yaml:4 expectations[0]: there is no arm "capped"; the arms are fresh'],
  ['an expectation of an unknown number', `${TARGET}expectations: ["reused.response.p98 < 20ms"]\n`, 'x.yaml:2 expectations[0]: "reused.response.p98 < 20ms", column 17: there is no statistic "p98"; did you mean "p90"?'],
  ['a seed past 32 bits', `${TARGET}seed: 4294967296\n`, 'x.yaml:2 seed: 4294967296 is too large; write 4294967295 or less'],
  ['a variable that is not set', 'target:\n  url: http://h/\n  headers: { authorization: "Bearer ${TOKEN}" }\n', 'x.yaml:3 target.headers.authorization: needs the environment variable TOKEN; set it, or write ${TOKEN:-default}'],
  ['a variable that is not set, where a rate is wanted', `${TARGET}load: { rate: "\${RATE}" }\n`, 'x.yaml:2 load.rate: needs the environment variable RATE; set it, or write ${RATE:-default}'],
  ['a reference that is none', `${TARGET}name: "\${A-b}"\n`, 'x.yaml:2 name: "${A-b}" is not a reference to the environment; write ${NAME}, ${NAME:-default}, or $${ for a plain ${'],
];

describe('complaints', () => {
  it.each(TABLE)('%s', (_what, yaml, said) => {
    expect(complaints(() => load(yaml))).toBe(said);
  });

  it('come all at once, in the order of the lines, also across sections', () => {
    const yaml = [
      'expectations: ["zz.opened < 3", "fresh.opened < x"]',
      'target:',
      '  url: localhost',
      '  headrs: {}',
      'load: { rate: 500, duration: 1x }',
      'arms:',
      '  - reused',
      '  - { policy: fresh, connections: 0 }',
      '  - reused',
      'baseline: frsh',
    ].join('\n');
    expect(complaints(() => load(yaml)).split('\n')).toEqual([
      'x.yaml:1 expectations[1]: "fresh.opened < x", column 16: "x" is not a count; write a whole number like 32 or a count like fresh.requests',
      'x.yaml:1 expectations[0]: there is no arm "zz"; the arms are reused, fresh, reused',
      'x.yaml:3 target.url: "localhost" says neither http nor https; write http://localhost',
      'x.yaml:4 target.headrs: unknown key; did you mean "headers"?',
      'x.yaml:5 load.rate: "500" has no unit; write 500/s',
      'x.yaml:5 load.duration: "1x" has the unknown unit "x"; use ms, s, m or h',
      'x.yaml:8 arms[1].connections: 0 is too small; write 1 or more',
      'x.yaml:9 arms[2]: a second arm is named "reused"; set name to tell them apart, for example name: reused-2',
      'x.yaml:10 baseline: there is no arm "frsh"; did you mean "fresh"?',
    ]);
  });

  it('carry their place as data, for programs', () => {
    try {
      load('target: { url: http://h/ }\nblocks: 0\nbaseline: x\n');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RequestError);
      expect((error as ScenarioError).complaints).toEqual([
        { file: 'x.yaml', line: 2, path: 'blocks', message: '0 is too small; write 1 or more' },
        { file: 'x.yaml', line: 3, path: 'baseline', message: 'there is no arm "x"', remedy: 'the arms are reused, fresh' },
      ]);
    }
  });

  it('a file of aliases of aliases is refused before it unfolds', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}, *a${level}]`);
    expect(complaints(() => load(['a0: &a0 [x, x]', ...levels].join('\n')))).toMatch(/^x\.yaml:\d+: the file unfolds to more than 20000 values; use fewer aliases$/);
  });

  it.each([['lists', '['.repeat(5000)], ['mappings', '{a: '.repeat(5000)], ['dashes', '- '.repeat(5000)]])('a file of %s in each other is refused', (_what, yaml) => {
    expect(complaints(() => load(yaml))).toBe('x.yaml:1: lists and mappings are nested more than 100 deep');
  });

  it('PEM files are looked into', () => {
    const yaml = `${TARGET}tls: { ca: ./ca.pem, cert: ./c.pem }\n`;
    expect(complaints(() => load(yaml, { files: { 'ca.pem': 'hello', 'c.pem': '-----BEGIN CERTIFICATE-----' } })).split('\n')).toEqual([
      'x.yaml:2 tls.cert: a client certificate needs its key; write key: ./key.pem beside it',
      'x.yaml:2 tls.ca: "./ca.pem" holds no PEM certificate (-----BEGIN CERTIFICATE-----)',
    ]);
  });
});
