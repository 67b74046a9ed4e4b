import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolate } from '../../src/scenario/interpolate.js';

const put = (text: string, env: Record<string, string> = {}): string => {
  const result = interpolate(text, env);
  return result.ok ? result.value : result.complaints.join(' | ');
};

describe('interpolation', () => {
  it.each([
    ['a variable', '${A}', { A: 'x' }, 'x'],
    ['several among text', '<${A}-${B_2}>', { A: 'x', B_2: 'y' }, '<x-y>'],
    ['an empty variable', '<${A}>', { A: '' }, '<>'],
    ['a default for one that is not set', '${A:-b c}', {}, 'b c'],
    ['a default for one that is empty', '${A:-b}', { A: '' }, 'b'],
    ['an empty default', '<${A:-}>', {}, '<>'],
    ['a default with a colon, a dash and lines', '${A:-http://x:-1\ny}', {}, 'http://x:-1\ny'],
    ['no default where one is set', '${A:-b}', { A: 'x' }, 'x'],
    ['an escape', '$${A}', { A: 'x' }, '${A}'],
    ['a dollar of its own', '$5 $A {A} $', { A: 'x' }, '$5 $A {A} $'],
    ['what a value holds, as text', '${A}', { A: '${B}$${', B: 'no' }, '${B}$${'],
    ['names of every object', '${toString:-none}', {}, 'none'],
  ])('puts in %s', (_what, text, env, expected) => {
    expect(put(text, env as Record<string, string>)).toBe(expected);
  });

  it('names every variable that is missing', () => {
    expect(put('${A} ${B:-x} ${C}')).toBe('needs the environment variable A; set it, or write ${A:-default} | needs the environment variable C; set it, or write ${C:-default}');
  });

  it.each(['${', '${A', '${}', '${A-b}', '${1A}', '${A:-${B}}'])('refuses %s', (text) => {
    expect(put(text, { A: 'x', B: 'y' })).toMatch(/is not a reference to the environment; write \$\{NAME\}, \$\{NAME:-default\}, or \$\$\{ for a plain \$\{/);
  });

  it('leaves text without ${ alone, and gives back any text that is escaped', () => {
    const text = fc.array(fc.constantFrom('$', '{', '}', '${', 'A', ':-', ' ')).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (whole) => put(whole.replaceAll('${', () => '$${')) === whole));
    fc.assert(fc.property(fc.oneof(text, fc.string()), (whole) => whole.includes('${') || put(whole) === whole));
  });
});
