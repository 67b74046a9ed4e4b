import { test } from 'vitest';
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { loadScenario } from '../../src/scenario/load.js';
import { scenarioJsonSchema } from '../../src/scenario/publish-schema.js';
import { scenarioFromUrl } from '../../src/scenario/from-url.js';
import { scenarioTemplate } from '../../src/scenario/template.js';
test('try', () => {
  writeFileSync('scenarios/scenario.schema.json', JSON.stringify(scenarioJsonSchema(), null, 2) + '\n');
  for (const f of readdirSync('scenarios').filter(f=>f.endsWith('.yaml'))) console.log(JSON.stringify(loadScenario(readFileSync('scenarios/'+f,'utf8'),'scenarios/'+f,{},readFileSync)));
  const t = scenarioTemplate('http://127.0.0.1:8080/');
  console.log(JSON.stringify(loadScenario(t, 't.yaml', {}, readFileSync)));
  try { console.log(loadScenario(t.replace(/^(\s*)#(?=\S)/gm, '$1'), 't.yaml', {}, () => new TextEncoder().encode('-----BEGIN CERTIFICATE----- -----BEGIN PRIVATE KEY-----'))); } catch (e) { console.log(String(e)); }
  for (const f of [{}, {rate: '500', blocks: '0', header: ['a b: c', 'x', 'connection: close'], arm: ['resued', 'capped:requests=x'], pacer: 'poison', expect: ['fresh.opened < x', 'a.opened < 3'], client: 'curl', connections: '0'}, {pacer:'ramp', rate:'5/s'}, {pacer:'steps'}, {pacer: 'constant', rate: '300/s', connections: '4', arm: ['reused', 'capped:requests=7']}])
    try { console.log(JSON.stringify(scenarioFromUrl('https://h:81/a?b#c', f))); } catch (e) { console.log(String(e)); }
  const bad = `target:
  url: localhost:8080
  headrs: {}
  headers: { a: "x\\n", Connection: close, "b c": 1, q: [1] }
  body: {}
  expectStatus: [2xx, 999]
  localAddress: nohost
load:
  pacer: ramp
  rate: 500
  over: 0s
  duration: 500
arms:
  - reusd
  - { policy: capped, requests: 0, clinet: wire }
  - 5
  - fresh
  - fresh
  - { name: x }
  - { policy: reused, gap: 1s }
baseline: frsh
blocks: \${B}
tls: { minVersion: 1.2 }
expectations: [ "reused.response.p98 < 2ms", "zz.opened < 3", "fresh - reused at p50 > 5" ]
blocks: 6
seeed: 5
`;
  try { loadScenario(bad, 'x.yaml', {}, readFileSync); } catch (e) { console.log((e as Error).message); }
});
