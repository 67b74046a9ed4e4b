/** The page's script as text: small, closed in itself, and of sound types. What it does is tested in a browser. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { script } from '../../src/reporters/html/script.js';

test('the script is at most 6 KB, and cannot be ended from within', () => {
  expect(Buffer.byteLength(script)).toBeLessThanOrEqual(6 * 1024);
  expect(script).not.toMatch(/<\/script|<!--/i);
});

test('the script reaches for no network, no storage and no evaluation', () => {
  expect(script).not.toMatch(/\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import|eval|Function|innerHTML|outerHTML|insertAdjacentHTML|localStorage|sessionStorage|cookie|setTimeout|setInterval)\b/);
});

test('the script is type-checked JavaScript', () => {
  const options: ts.CompilerOptions = { allowJs: true, checkJs: true, strict: true, noEmit: true, noUncheckedIndexedAccess: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === 'page.js' || fileExists(name);
  host.readFile = (name) => (name === 'page.js' ? script : readFile(name));
  host.getSourceFile = (name, version, ...rest) => (name === 'page.js' ? ts.createSourceFile(name, script, version, true, ts.ScriptKind.JS) : getSourceFile(name, version, ...rest));
  const program = ts.createProgram(['page.js'], options, host);
  const complaints = ts.getPreEmitDiagnostics(program).map(({ start = 0, messageText }) => `${script.slice(start, start + 40)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  expect(complaints).toEqual([]);
});
