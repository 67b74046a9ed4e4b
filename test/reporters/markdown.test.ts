import { describe, expect, test } from 'vitest';
import { markdown } from '../../src/reporters/index.js';
import { escaped, MOST_BYTES } from '../../src/reporters/markdown.js';
import { fixture, fixtures, type FixtureName } from '../fakes/results.js';

const render = (name: FixtureName): string => markdown.render(fixture(name), { width: 80, color: false, unicode: true });

test.each(Object.keys(fixtures) as FixtureName[])('the summary of %s is at most 16 KB and opens at the third level', (name) => {
  expect(Buffer.byteLength(render(name))).toBeLessThanOrEqual(MOST_BYTES);
  expect(render(name)).toMatch(/^### [A-Z]/);
});

test('a summary that would be too long says that it was cut', () => {
  const result = fixture('two-arms');
  const many = { ...result, arms: Array.from({ length: 400 }, (_, index) => ({ ...result.arms[0]!, name: `arm-${index}` })) };
  const text = markdown.render(many, { width: 80, color: false, unicode: true });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
  expect(text).toMatch(/^### FASTER/);
  expect(text).toContain('The rest did not fit here');
});

test('every expectation is listed, with its outcome', () => {
  expect(render('three-arms').match(/- \*\*met\*\* /g)).toHaveLength(3);
  expect(render('broken-promise')).toMatch(/- \*\*FAILED\*\* reused\.opened &#60;= 32: /);
});

describe('escaping', () => {
  test('parts mentions and issue numbers from their sign, even after the entities are read', () => {
    expect(escaped('@a #1')).toBe('&#64;&#8203;a &#35;&#8203;1');
  });
  test('leaves intervals readable, and no link', () => {
    expect(escaped('3.8 ms [3.7, 3.9]')).toBe('3.8 ms [3.7, 3.9]');
    expect(escaped('[a](b) [a][b] [a]: b')).toBe('[a&#93;(b) [a&#93;[b] [a&#93;: b');
  });
  test('cells keep to one line', () => {
    expect(escaped('a\n|b&lt;')).toBe('a &#124;b&amp;lt;');
  });
});
