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

export function requestBytes(authority: string, { method = 'GET', path = '/', version = '1.1', connection = 'keep-alive', headers = {}, more = {} }: RequestVariant): Buffer {
  const all = { ...headers, ...more };
  const host = Object.keys(all).some((name) => name.toLowerCase() === 'host') ? '' : `Host: ${authority}\r\n`;
  const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/${version}\r\n${host}${fields.join('')}${connection === '' ? '' : `Connection: ${connection}\r\n`}\r\n`, 'latin1');
}
