/** Secrets stay out of every file and every output. */

const SECRET_HEADER = /^(authorization|cookie|set-cookie|proxy-.*|.*(token|api-?key|secret|password).*)$/i;
const SECRET_KEY = /token|key|secret|sig|pass/i;
export const REDACTED = '[redacted]';

/** How what was asked for is written down. */
export interface Redaction {
  headers(headers: Readonly<Record<string, string>>): Record<string, string>;
  url(text: string): string;
  path(path: string): string;
  command(words: readonly string[]): string[];
}

export const redacting: Redaction = { headers: redactHeaders, url: redactUrl, path: redactPath, command: redactCommand };

/** For a person who asked to keep everything. */
export const keepingAll: Redaction = { headers: (headers) => ({ ...headers }), url: (text) => text, path: (path) => path, command: (words) => [...words] };

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? REDACTED : value]));
}

/** The URL without user, password and the values of secret-looking query keys; text that is no URL comes back as it is. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    url.username = '';
    url.password = '';
  }
  for (const key of new Set(url.searchParams.keys())) if (SECRET_KEY.test(key)) url.searchParams.set(key, REDACTED);
  if (SECRET_KEY.test(url.hash)) url.hash = REDACTED;
  return url.href;
}

/** A path with its query, redacted the same way. */
export function redactPath(path: string): string {
  const { pathname, search } = new URL(redactUrl(`http://host${path.startsWith('/') ? '' : '/'}${path}`));
  return `${pathname}${search}`;
}

/** The command line that made the run: URLs, the values of `--header`, and a `--body` that speaks of secrets are redacted. */
export function redactCommand(words: readonly string[]): string[] {
  const valueOf = (flag: string, index: number): string | undefined => {
    const word = words[index] ?? '';
    return words[index - 1] === flag ? word : word.startsWith(`${flag}=`) ? word.slice(flag.length + 1) : undefined;
  };
  return words.map((word, index) => {
    const header = valueOf('--header', index);
    const body = valueOf('--body', index);
    if (header !== undefined) {
      const name = header.split(':', 1)[0] ?? '';
      return word.replace(header, () => (SECRET_HEADER.test(name.trim()) ? `${name}: ${REDACTED}` : header));
    }
    if (body !== undefined) return word.replace(body, () => (SECRET_KEY.test(body) ? REDACTED : body));
    return redactUrl(word);
  });
}
