import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const dist = (path: string): string => new URL(`../../dist/${path}.js`, import.meta.url).href;

/** A warm-up long enough to be compiled, and then a window of five slices: prints what V8 had not seen when it compiled. */
const ROUND = `
  import { Recorder } from '${dist('measure/recorder')}';
  import { Sample } from '${dist('measure/sample')}';
  import v8 from 'node:v8';
  import { Series } from '${dist('measure/series')}';
  v8.setFlagsFromString('--trace-deopt');
  const series = new Series(500e6);
  const recorder = new Recorder(new Uint8Array(1000).fill(1), series);
  series.begin(500e6);
  const sample = new Sample();
  for (let nowNs = 0; nowNs < 1000e6; nowNs += 2e3) {
    sample.begin(0, nowNs, nowNs, nowNs >= 500e6);
    series.inFlight(0, 1, nowNs);
    sample.sentNs = nowNs + 1e3;
    sample.doneNs = nowNs + 40e3 + (nowNs % 7e4);
    sample.status = 200;
    series.inFlight(1, 0, sample.doneNs);
    recorder.record(sample);
    if (nowNs % 20e6 === 0) await new Promise((resolve) => setTimeout(resolve, 2)); // what was compiled beside us is put to use
  }`;

function unseen(before: string): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `${before}\n${ROUND}`], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => /Insufficient type feedback.*JSFunction (record|inFlight|#at)\b/.test(line));
}

test('nothing that records is thrown away by the compiler in the midst of a run', () => {
  expect(unseen(`import { rehearse } from '${dist('engine/rehearsal')}'; rehearse();`)).toEqual([]);
});

test('without a rehearsal it is', () => {
  expect(unseen('')).not.toEqual([]);
});
