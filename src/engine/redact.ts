/** Secrets stay out of every file and every output. */

const SECRET_HEADER = /^(authorization|cookie|set-cookie|proxy-.*|.*(token|api-?key|secret|password).*)$/i;
const SECRET_KEY = /token|key|secret|sig|pass/i;
export const REDACTED = '[redacted]';

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
  return url.href;
}

/** A path with its query, redacted the same way. */
export function redactPath(path: string): string {
  const { pathname, search } = new URL(redactUrl(new URL(path, 'http://host').href));
  return `${pathname}${search}`;
}

/** The command line that made the run: URLs and the values of `--header` are redacted. */
export function redactCommand(words: readonly string[]): string[] {
  return words.map((word, index) => {
    const header = words[index - 1] === '--header' ? word : word.startsWith('--header=') ? word.slice('--header='.length) : undefined;
    if (header !== undefined) {
      const name = header.split(':', 1)[0] ?? '';
      return word.replace(header, SECRET_HEADER.test(name.trim()) ? `${name}: ${REDACTED}` : header);
    }
    return redactUrl(word);
  });
}
