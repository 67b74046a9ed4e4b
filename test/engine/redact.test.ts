import { describe, expect, test } from 'vitest';
import { REDACTED, redactCommand, redactHeaders, redactPath, redactUrl } from '../../src/engine/redact.js';

describe('redaction', () => {
  test('hides credentials in headers and keeps the rest', () => {
    expect(redactHeaders({ Authorization: 'Bearer x', Cookie: 'a=b', 'x-api-key': 'k', accept: 'text/html' })).toEqual({ Authorization: REDACTED, Cookie: REDACTED, 'x-api-key': REDACTED, accept: 'text/html' });
  });

  test('hides user, password and secret-looking query values of a URL', () => {
    const url = new URL(redactUrl('https://bob:hunter2@host.test/a?page=2&access_token=abc&sig=x'));
    expect([url.username, url.password, url.searchParams.get('page'), url.searchParams.get('access_token'), url.searchParams.get('sig')]).toEqual(['', '', '2', REDACTED, REDACTED]);
  });

  test('leaves what is no URL alone', () => {
    expect([redactUrl('scenarios/local.yaml'), redactPath('/items?page=2')]).toEqual(['scenarios/local.yaml', '/items?page=2']);
  });

  test('hides secrets on the command line', () => {
    expect(redactCommand(['sameconn', 'run', 'https://u:p@h.test/', '--header', 'Authorization: Bearer x', '--header=cookie: a', '--rate', '5/s'])).toEqual(['sameconn', 'run', 'https://h.test/', '--header', `Authorization: ${REDACTED}`, `--header=cookie: ${REDACTED}`, '--rate', '5/s']);
  });

  test('hides a fragment and a body that speak of secrets, and keeps a path that begins with two slashes', () => {
    expect(redactUrl('https://h.test/a#access_token=abc')).not.toContain('abc');
    expect(redactCommand(['--body', '{"password":"x"}', '--body=token=y', '--body', 'hello'])).toEqual(['--body', REDACTED, `--body=${REDACTED}`, '--body', 'hello']);
    expect(redactPath('//items?page=2')).toBe('//items?page=2');
  });
});
