/** How a probe's request differs from the usual one. */
export interface RequestVariant {
  readonly method?: string;
  readonly path?: string;
  readonly version?: '1.0' | '1.1';
  /** The value of Connection; '' for no such field. Some servers tell their limits only to who says `keep-alive`. */
  readonly connection?: 'keep-alive' | 'close' | '';
  readonly headers?: Readonly<Record<string, string>>;
  /** Over the headers. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Whoever reads the server's log learns who asked. */
export const USER_AGENT = 'sameconn-probe';

export function requestBytes(authority: string, { method = 'GET', path = '/', version = '1.1', connection = 'keep-alive', headers = {}, more = {} }: RequestVariant): Buffer {
  const all: Readonly<Record<string, string>> = { ...headers, ...more };
  const given = new Set(Object.keys(all).map((name) => name.toLowerCase()));
  const own = Object.entries({ Host: authority, 'User-Agent': USER_AGENT }).filter(([name]) => !given.has(name.toLowerCase()));
  const fields = [...own, ...Object.entries(all), ...(connection === '' ? [] : [['Connection', connection]])].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/${version}\r\n${fields.join('')}\r\n`, 'latin1');
}
