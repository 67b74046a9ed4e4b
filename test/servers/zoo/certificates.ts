/** The zoo's papers: one authority, and what it signs; made when first asked for. */
import type { TlsOptions } from 'node:tls';
import { makeAuthority, makeCertificate, type Certificate, type CertificateRequest } from '../../../src/demo/certificate.js';

type Papers = () => Promise<{ readonly ca: string; readonly server: TlsOptions }>;

const NAMES = ['localhost', '127.0.0.1'];

let authority: ReturnType<typeof makeAuthority> | undefined;
let stranger: ReturnType<typeof makeAuthority> | undefined;

export const good = papers({ names: NAMES });
export const expired = papers({ names: NAMES, notAfter: new Date(Date.now() - 1000) });
export const wrongName = papers({ names: ['elsewhere.test'] });

/** Signed by somebody whom the client was not told to trust. */
export const unknown: Papers = async () => {
  const [{ server }, { cert }] = await Promise.all([good(), (stranger ??= makeAuthority())]);
  return { ca: cert, server };
};

function papers(request: CertificateRequest): Papers {
  let made: Promise<Certificate> | undefined;
  return async () => {
    made ??= (authority ??= makeAuthority()).then((ca) => makeCertificate({ ...request, ca }));
    const { ca, cert, key } = await made;
    return { ca, server: { cert, key, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] } };
  };
}
