import { describe, expect, test } from 'vitest';
import { conclude, outputOptions } from '../../src/commands/output.js';
import { RequestError } from '../../src/errors.js';
import { MOST_BYTES } from '../../src/reporters/markdown.js';
import { fakeIo } from '../fakes/io.js';
import { fixture, type FixtureName } from '../fakes/results.js';

async function concluded(name: FixtureName, options: Record<string, unknown> = {}, env: Record<string, string> = {}, color = false) {
  const io = fakeIo({ env, style: { width: 80, color, unicode: true } });
  await conclude(fixture(name), 'r', outputOptions({ out: 'out', ...options }), io);
  return io;
}

describe('what is written', () => {
  test('is JSON, Markdown and HTML, and each further format that was asked for', async () => {
    expect([...(await concluded('two-arms')).files.keys()]).toEqual(['out/r.json', 'out/r.md', 'out/r.html']);
    const { files, said } = await concluded('two-arms', { export: 'junit, hgrm,csv,md' });
    expect([...files.keys()].slice(3)).toEqual(['out/r.xml', 'out/r.csv', 'out/r.reused.response.hgrm', 'out/r.reused.service.hgrm', 'out/r.fresh.response.hgrm', 'out/r.fresh.service.hgrm']);
    for (const path of files.keys()) expect(said.stdout).toContain(path);
  });

  test('is every format there is with --export all', async () => {
    const endings = [...(await concluded('two-arms', { export: 'all' })).files.keys()].map((path) => path.split('.').at(-1));
    expect([...new Set(endings)].sort()).toEqual(['csv', 'hgrm', 'hlog', 'html', 'json', 'md', 'txt', 'xml']);
  });

  test('is refused by a name that there is not, with a suggestion, before anything runs', () => {
    expect(() => outputOptions({ export: 'junot' })).toThrow(RequestError);
    expect(() => outputOptions({ export: 'junot' })).toThrow('did you mean "junit"?');
    expect(() => outputOptions({ color: 'sometimes' })).toThrow('always, never, auto');
  });

  test('is the same in a file whatever the screen can do', async () => {
    const [plain, bright] = [await concluded('two-arms', { export: 'all' }), await concluded('two-arms', { export: 'all', color: 'always' }, {}, true)];
    expect([...plain.files]).toEqual([...bright.files]);
  });
});

describe('colour', () => {
  test.each([
    ['always', false, true],
    [true, false, true],
    ['never', true, false],
    [false, true, false],
    ['auto', true, true],
    ['auto', false, false],
    [undefined, true, true],
  ])('--color %s where the screen says %s: %s', async (color, screen, expected) => {
    expect((await concluded('two-arms', { color }, {}, screen)).said.stdout.includes('\u001b[')).toBe(expected);
  });
});

describe('--open', () => {
  test('shows the HTML report, and only when it was asked for', async () => {
    expect((await concluded('two-arms')).shown).toEqual([]);
    expect((await concluded('two-arms', { open: true })).shown).toEqual(['out/r.html']);
  });
  test('says so where there is no browser', async () => {
    const io = fakeIo({ openInBrowser: async () => false });
    await conclude(fixture('two-arms'), 'r', outputOptions({ open: true }), io);
    expect(io.said.stderr).toMatch(/^there is no browser to open here; the report is reports[\\/]r\.html\n$/);
  });
});

describe('in a job of GitHub', () => {
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/page.md' };

  test('the summary is added to the page, at most 16 KB of it', async () => {
    const { files } = await concluded('hostile', {}, env);
    expect(files.get('/page.md')).toBe(`${files.get('out/r.md')}\n`);
    expect(Buffer.byteLength(files.get('/page.md') ?? '')).toBeLessThanOrEqual(MOST_BYTES + 1);
    const io = fakeIo({ env });
    io.files.set('/page.md', 'before\n');
    await conclude(fixture('two-arms'), 'r', outputOptions({}), io);
    expect(io.files.get('/page.md')).toMatch(/^before\n### FASTER/);
  });

  test('a page that cannot be written does not lose the run', async () => {
    const io = fakeIo({ env, appendFile: () => { throw new Error('EACCES'); } });
    await conclude(fixture('two-arms'), 'r', outputOptions({}), io);
    expect(io.said.stderr).toContain('could not be added to $GITHUB_STEP_SUMMARY: EACCES');
    expect(io.files.size).toBe(3);
  });

  test.each(['two-arms', 'broken-promise', 'untrustworthy', 'partial', 'hostile'] as const)('%s makes at most one error and one warning, each a line', async (name) => {
    const { said } = await concluded(name, { json: true }, env);
    const lines = said.stderr.split('\n').filter((line) => line !== '');
    const [errors, warnings] = (['error', 'warning'] as const).map((kind) => lines.filter((line) => line.startsWith(`::${kind} title=sameconn `)));
    expect([errors!.length, warnings!.length, lines.length]).toEqual({ 'two-arms': [0, 0, 0], 'broken-promise': [1, 0, 1], untrustworthy: [1, 1, 2], partial: [0, 1, 1], hostile: [1, 1, 2] }[name]);
    expect(() => JSON.parse(said.stdout)).not.toThrow();
  });

  test('nothing is said where there is no such job', async () => {
    expect((await concluded('untrustworthy')).said.stderr).toBe('');
  });
});
