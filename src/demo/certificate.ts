/** Certificates made on the spot, so that TLS between us and our own servers is verified and never switched off. */
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

type X509 = typeof import('@peculiar/x509');

const DAY_MS = 86_400_000;
const KEY_KIND = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

export interface CertificateRequest {
  /** DNS names and IP addresses the certificate speaks for; the first is its common name. */
  readonly names: readonly string[];
  /** Days it holds from now, 30 when nothing is said. */
  readonly days?: number;
  /** Instead of `days`: the instant it ends; one in the past makes an expired certificate. */
  readonly notAfter?: Date;
  /** Signed by this authority instead of one made for the occasion. */
  readonly ca?: Authority;
}

/** A certificate authority, PEM. */
export interface Authority {
  readonly cert: string;
  readonly key: string;
}

/** A server's private key (PKCS #8), its certificate, and the authority to trust; all PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** A certificate of a server (EC P-256), signed by an authority: `tls.connect({ ca })` accepts it, and nothing else does. */
export async function makeCertificate(request: CertificateRequest): Promise<Certificate> {
  const x509 = await loadX509();
  const ca = request.ca ?? (await makeAuthority());
  const issuer = new x509.X509Certificate(ca.cert);
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [request.names[0] ?? 'nobody'] }],
    issuer: issuer.subject,
    ...validity(request),
    publicKey: keys.publicKey,
    signingKey: await importKey(x509, ca.key),
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(request.names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { key: await exportKey(x509, keys.privateKey), cert: certificate.toString('pem'), ca: ca.cert };
}

/** An authority that can sign several certificates, for tests in which servers share it. */
export async function makeAuthority(): Promise<Authority> {
  const x509 = await loadX509();
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['sameconn authority'] }],
    ...validity({ days: 3650 }),
    keys,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: certificate.toString('pem'), key: await exportKey(x509, keys.privateKey) };
}

/** Starts a day early, for clocks that run behind, and always before its end. */
function validity({ days = 30, notAfter = new Date(Date.now() + days * DAY_MS) }: { days?: number; notAfter?: Date }): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS), notAfter };
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_KIND, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

async function exportKey(x509: X509, key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

async function importKey(x509: X509, pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), KEY_KIND, false, ['sign']);
}

/** Loads the library when a certificate is wanted, not before: it takes 0.2 s. */
async function loadX509(): Promise<X509> {
  return import('@peculiar/x509');
}
