import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { resultFile, type Result } from '../../src/result/schema.js';
import { folder, sameconn, start, WENT_THROUGH } from './cli.js';
import { behaviours, target, tlsTarget } from './targets.js';

const SHORT = ['--duration', '250ms', '--warmup', '50ms', '--blocks', '1', '--rate', '200/s', '--connections', '4'];

describe('sameconn run', () => {
  test('on a bare http URL compares reused with fresh, and writes a journal and three reports', async () => {
    const out = folder();
    const { code, stdout } = await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--out', out, '--name', 'r');
    expect(WENT_THROUGH).toContain(code);
    expect(readdirSync(out).sort()).toEqual(['r.html', 'r.json', 'r.md', 'r.ndjson']);
    const result = resultFile.parse(JSON.parse(readFileSync(join(out, 'r.json'), 'utf8')));
    expect(result.arms.map((arm) => [arm.name, arm.client, arm.promise.held])).toEqual([['reused', 'wire', true], ['fresh', 'wire', true]]);
    const [reused, fresh] = result.arms;
    expect(fresh!.totals.connections.opened).toBe(fresh!.totals.requests.sent);
    expect(reused!.totals.connections.opened + reused!.totals.connections.warmup.opened).toBeLessThanOrEqual(2 * 4);
    expect(reused!.totals.requests.planned).toBe(fresh!.totals.requests.planned);
    expect(stdout).toContain(join(out, 'r.html'));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(Math.max(80, join(out, 'r.html').length + 11));
  });

  test('on a bare https URL also runs resumed, over several workers', async () => {
    const out = folder();
    const { address, ca } = await tlsTarget(behaviours.answers);
    writeFileSync(join(out, 'ca.pem'), ca);
    const { code, stderr } = await sameconn('run', `https://${address}/`, ...SHORT, '--workers', '3', '--ca', join(out, 'ca.pem'), '--out', out, '--name', 'r', '--quiet');
    expect(stderr).toBe('');
    expect(WENT_THROUGH).toContain(code);
    const { arms, plan, target: { tls } } = JSON.parse(readFileSync(join(out, 'r.json'), 'utf8')) as Result;
    expect([arms.map((arm) => arm.name), plan.workers, tls?.protocol]).toEqual([['reused', 'fresh', 'resumed'], 3, 'TLSv1.3']);
    expect(arms.map((arm) => arm.promise.held)).toEqual([true, true, true]);
  });

  test('with --json prints one JSON document that the published schema accepts, and nothing else on stdout', async () => {
    const { code, stdout } = await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--json', '--out', folder());
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../reports/result.schema.json'), 'utf8')) as object;
    const valid = new Ajv2020({ strict: false }).compile(schema);
    expect(WENT_THROUGH).toContain(code);
    expect([valid(JSON.parse(stdout)), valid.errors]).toEqual([true, null]);
  });

  test('with --quiet prints nothing', async () => {
    const { code, stdout, stderr } = await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--quiet', '--out', folder());
    expect(WENT_THROUGH).toContain(code);
    expect([stdout, stderr]).toEqual(['', '']);
  });

  test('writes no colour where NO_COLOR is set, and some where it is forced', async () => {
    const words = ['run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--out', folder()];
    const plain = await start(words, { NO_COLOR: '1', FORCE_COLOR: undefined }).ended;
    const coloured = await start(words, { NO_COLOR: undefined, FORCE_COLOR: '1' }).ended;
    expect(plain.stdout).not.toContain('\u001b[');
    expect(coloured.stdout).toContain('\u001b[');
  });

  test('judges expectations, and ends with exit code 1 when one fails', async () => {
    const url = `http://${await target(behaviours.answers)}/`;
    const judged = async (...expectations: string[]): Promise<{ code: number | null; states: string[] }> => {
      const { code, stdout } = await sameconn('run', url, ...SHORT, '--json', '--out', folder(), ...expectations.flatMap((text) => ['--expect', text]));
      return { code, states: (JSON.parse(stdout) as Result).expectations.map((expectation) => expectation.state) };
    };
    const met = await judged('reused.opened <= 4000', 'failures = 0');
    expect([WENT_THROUGH.includes(met.code), met.states]).toEqual([true, ['met', 'met']]);
    const failed = await judged('fresh.opened <= 1');
    expect([[1, 3].includes(failed.code ?? -1), failed.states]).toEqual([true, ['failed']]); // 3 where the machine is too busy
  });

  test('makes the same schedule again from the same seed', async () => {
    const planned = async (seed: string): Promise<readonly number[]> => {
      const { stdout } = await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--blocks', '2', '--seed', seed, '--json', '--out', folder());
      return (JSON.parse(stdout) as Result).rounds.map((round) => round.requests.planned + round.requests.warmup.planned);
    };
    expect(await planned('5')).toEqual(await planned('5'));
  });

  describe('with secrets in the URL and the headers', () => {
    const SECRETS = ['tok-1', 'apikey-2', 'sig-3', 'pass-4', 'secret-5', 'bearer-6', 'cookie-7', 'proxy-8', 'set-9', 'body-10'];
    const asking = async (out: string, ...more: string[]) => {
      const url = `http://${await target(behaviours.answers)}/items?page=2&access_token=tok-1&api_key=apikey-2&sig=sig-3&password=pass-4&client_secret=secret-5`;
      const headers = ['Authorization: Bearer bearer-6', 'Cookie: id=cookie-7', 'Proxy-Authorization: Basic proxy-8', 'Set-Cookie: a=set-9'].flatMap((header) => ['--header', header]);
      return sameconn('run', url, ...SHORT, ...headers, '--method', 'POST', '--body', 'password=body-10', '--out', out, '--name', 'r', '--export', 'all', ...more);
    };
    const found = (texts: readonly string[]): string[] => SECRETS.filter((secret) => texts.some((text) => text.includes(secret)));
    const filesIn = (out: string): string[] => readdirSync(out).map((file) => readFileSync(join(out, file), 'utf8'));

    test('keeps them out of every file, the journal among them, and of every word on the screen', async () => {
      const out = folder();
      const { code, stdout, stderr } = await asking(out);
      expect(WENT_THROUGH).toContain(code);
      expect(readdirSync(out).length).toBeGreaterThanOrEqual(11);
      expect(found([...filesIn(out), stdout, stderr])).toEqual([]);
      expect(readFileSync(join(out, 'r.json'), 'utf8')).toContain('[redacted]');
    });

    test('leaves them as they are with --no-redact, and says so on stderr and in the report', async () => {
      const out = folder();
      const { code, stderr } = await asking(out, '--no-redact');
      expect(WENT_THROUGH).toContain(code);
      expect(found([readFileSync(join(out, 'r.json'), 'utf8')])).toEqual(SECRETS);
      expect(stderr).toContain('warning: --no-redact');
      expect(readFileSync(join(out, 'r.html'), 'utf8')).toContain('Secrets were kept (--no-redact)');
    });

    test('keeps them out of the sentence that refuses a target, or a URL that holds credentials', async () => {
      const address = await target(behaviours['answers garbage']);
      for (const url of [`http://${address}/?access_token=tok-1`, `http://tok-1:apikey-2@${address}/`]) {
        const { code, stdout, stderr } = await sameconn('run', url, ...SHORT, '--out', folder());
        expect([code, found([stdout, stderr])]).toEqual([2, []]);
      }
    });
  });

  test('refuses a folder that cannot be written in the first second', async () => {
    const out = folder();
    writeFileSync(join(out, 'file'), '');
    const { code, stderr } = await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--out', join(out, 'file'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('--out')]);
  });
});

describe('sameconn report', () => {
  test('rebuilds the same three files byte for byte, from the result and from the journal', async () => {
    const out = folder();
    await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--out', out, '--name', 'r', '--quiet');
    for (const source of ['r.json', 'r.ndjson']) {
      const again = folder();
      expect((await sameconn('report', join(out, source), '--out', again, '--quiet')).code).toBe(0);
      for (const file of ['r.html', 'r.md', 'r.json']) expect(readFileSync(join(again, file), 'utf8') === readFileSync(join(out, file), 'utf8'), `${file} from ${source}`).toBe(true);
    }
  });

  test.each([
    ['', 'not JSON'],
    ['{}', 'no schemaVersion'],
    ['{"schemaVersion":"9.0.0"}', 'newer sameconn'],
    ['{"schemaVersion":"1.0.0"}', 'Invalid'],
  ])('refuses %j with exit code 2', async (text, says) => {
    const file = join(folder(), 'x.json');
    writeFileSync(file, text);
    const { code, stderr } = await sameconn('report', file);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });
});

describe('sameconn init', () => {
  test('writes a scenario that runs, and does not replace one that is there', async () => {
    const out = folder();
    const file = join(out, 'my.yaml');
    expect((await sameconn('init', file, '--url', `http://${await target(behaviours.answers)}/`)).code).toBe(0);
    expect(existsSync(join(out, 'scenario.schema.json'))).toBe(true);
    expect(WENT_THROUGH).toContain((await sameconn('run', file, ...SHORT, '--out', out, '--quiet')).code);
    expect((await sameconn('init', file)).code).toBe(2);
  });
});

describe('a command', () => {
  test('that is misspelt gets a suggestion and exit code 2', async () => {
    const { code, stderr } = await sameconn('rum');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean run?')]);
  });
});
