/** URL → endpoints: the name is resolved once, and every connection goes to a literal address. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { RequestError } from '../errors.js';
import type { Endpoint } from '../net/endpoint.js';
import type { Scenario } from '../scenario/scenario.js';

/**
 * One endpoint for each address of the host, in the resolver's order.
 * @throws RequestError when the name does not resolve
 */
export async function resolveEndpoints({ target, tls }: Pick<Scenario, 'target' | 'tls'>): Promise<readonly Endpoint[]> {
  const url = new URL(target.url);
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const common = {
    secure,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    socketPath: target.socketPath,
    authority: url.host,
    servername: tls.servername !== '' ? tls.servername : isIP(host) === 0 ? host : '',
    tls,
    localAddress: target.localAddress,
  };
  if (target.socketPath !== '') return [{ ...common, address: '', family: 0 }];
  const found = isIP(host) !== 0 ? [{ address: host, family: isIP(host) }] : await lookupAll(host);
  return found.map(({ address, family }) => ({ ...common, address, family: family === 6 ? 6 : 4 }));
}

async function lookupAll(host: string): Promise<{ address: string; family: number }[]> {
  try {
    return await lookup(host, { all: true, order: 'verbatim' });
  } catch (error) {
    throw new RequestError(`the name ${host} does not resolve (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, 'check its spelling, or this machine’s DNS');
  }
}
