import { X509Certificate } from 'node:crypto';
import { connect, createServer, type ConnectionOptions } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeAuthority, makeCertificate, type Certificate } from '../../src/demo/certificate.js';

describe('a certificate made on the spot', () => {
  it('is accepted by who trusts its authority, by name and by address', async () => {
    const certificate = await makeCertificate({ names: ['localhost', 'staging.test', '127.0.0.1', '::1'] });
    expect(await handshake(certificate, { ca: certificate.ca })).toBe('accepted');
    expect(await handshake(certificate, { ca: certificate.ca, servername: 'staging.test' })).toBe('accepted');
    expect(new X509Certificate(certificate.cert).subjectAltName).toBe('DNS:localhost, DNS:staging.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  });

  it('is refused by everyone else', async () => {
    const certificate = await makeCertificate({ names: ['127.0.0.1'] });
    const stranger = await makeAuthority();
    expect(await handshake(certificate, {})).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(await handshake(certificate, { ca: stranger.cert })).not.toBe('accepted');
  });

  it('does not speak for other names', async () => {
    const certificate = await makeCertificate({ names: ['staging.test'] });
    expect(await handshake(certificate, { ca: certificate.ca, servername: 'other.test' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await handshake(certificate, { ca: certificate.ca })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('can have expired yesterday', async () => {
    const certificate = await makeCertificate({ names: ['127.0.0.1'], notAfter: new Date(Date.now() - 86_400_000) });
    expect(await handshake(certificate, { ca: certificate.ca })).toBe('CERT_HAS_EXPIRED');
  });

  it('shares an authority with others when given one', async () => {
    const ca = await makeAuthority();
    const [one, other] = [await makeCertificate({ names: ['127.0.0.1'], ca }), await makeCertificate({ names: ['127.0.0.1'], ca })];
    expect(one.ca).toBe(ca.cert);
    expect(one.cert).not.toBe(other.cert);
    expect(await handshake(one, { ca: ca.cert })).toBe('accepted');
    expect(await handshake(other, { ca: ca.cert })).toBe('accepted');
  });

  it('has an elliptic key in PKCS #8 and lasts the days asked for', async () => {
    const { key, cert, ca } = await makeCertificate({ names: ['localhost'], days: 7 });
    const read = new X509Certificate(cert);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(read.checkIssued(new X509Certificate(ca))).toBe(true);
    expect(Math.round((Date.parse(read.validTo) - Date.now()) / 86_400_000)).toBe(7);
  });
});

/** `accepted`, or the code by which the client refused. */
async function handshake(certificate: Certificate, options: ConnectionOptions): Promise<string> {
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (socket) => socket.on('error', () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ...options });
  const outcome = await new Promise<string>((done) => {
    socket.once('secureConnect', () => done('accepted'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
  socket.destroy();
  server.close();
  return outcome;
}
