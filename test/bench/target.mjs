/** How our own scripts reach the server: plain GET requests to one literal address. */

const CONNECT_NS = 30e9;

export const REQUEST = { name: 'GET /', method: 'GET', path: '/', headers: {}, body: null, weight: 1 };
export const TIMEOUTS = { connectNs: CONNECT_NS, responseNs: 60e9, closeNs: 1e9 };

/** The certificate is not checked, since the peers do not. */
export function endpointOf({ secure = false, address, port }) {
  return {
    secure,
    address,
    family: 4,
    port,
    socketPath: '',
    authority: `${address}:${port}`,
    servername: '',
    tls: { ca: '', insecure: true, servername: '', cert: '', key: '', minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: '', ecdhCurve: '' },
    localAddress: [],
  };
}

export function urlOf({ secure, address, port }) {
  return `${secure ? 'https' : 'http'}://${address}:${port}/`;
}
