/** Trouble with the handshake. */
import { constants } from 'node:crypto';
import { expired, good, unknown, wrongName } from './certificates.js';
import { member } from './member.js';

const HANDSHAKE_FAILURE = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]); // record alert, TLS 1.2, 2 bytes: fatal, handshake_failure

export const neverShakes = member('never-handshakes', 'accepts a connection and never answers the TLS handshake', {
  pretendsTls: true,
  arrives: (socket) => socket.resume(),
});

export const closesInHandshake = member('closes-in-handshake', 'sends a FIN when the ClientHello has come', {
  pretendsTls: true,
  arrives: (socket) => socket.once('data', () => socket.end()),
});

export const resetsInHandshake = member('resets-in-handshake', 'resets the connection when the ClientHello has come', {
  pretendsTls: true,
  arrives: (socket) => socket.once('data', () => socket.resetAndDestroy()),
});

export const alerts = member('tls-alert', 'refuses the handshake with an alert', {
  pretendsTls: true,
  arrives: (socket) => socket.once('data', () => socket.end(HANDSHAKE_FAILURE)),
});

export const plainOnHttps = member('http-on-https', 'speaks plain HTTP on an https port', {
  pretendsTls: true,
  arrives: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')),
});

export const expiredCertificate = member('expired-certificate', 'shows a certificate that has expired', { tls: expired });

export const wrongNameCertificate = member('wrong-name', 'shows a certificate for another name', { tls: wrongName });

export const unknownAuthority = member('unknown-authority', 'shows a certificate of an authority that the client does not trust', { tls: unknown });

/** TLS 1.2 without tickets, and without the server's own cache, has no way to resume. */
export const ticketless = member('ticketless', 'never gives a TLS session that it would resume', {
  tls: async () => {
    const { ca, server } = await good();
    return { ca, server: { ...server, maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET } };
  },
});

export const ticketless13 = member('ticketless-1.3', 'gives TLS 1.3 sessions and forgets them', {
  tls: async () => {
    const { ca, server } = await good();
    return { ca, server: { ...server, minVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET } };
  },
});
