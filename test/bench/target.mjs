/** How our own scripts reach the server: plain GET requests to one literal address. */

const CONNECT_NS = 30e9;

export const REQUEST = { name: 'GET /', method: 'GET', path: '/', headers: {}, body: null, weight: 1 };
export const TIMEOUTS = { connectNs: CONNECT_NS, responseNs: 60e9, closeNs: 1e9 };

/** @param ca `''` for http, `'any'` for https without a check of the certificate (as the peers do), else the authority to check it with */
export function endpointOf(port, ca) {
  const verified = ca !== '' && ca !== 'any';
  return {
    secure: ca !== '',
    address: '127.0.0.1',
    family: 4,
    port,
    socketPath: '',
    authority: `127.0.0.1:${port}`,
    servername: '',
    tls: { ca: verified ? ca : '', insecure: !verified, servername: '', cert: '', key: '', minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: '', ecdhCurve: '' },
    localAddress: [],
  };
}
