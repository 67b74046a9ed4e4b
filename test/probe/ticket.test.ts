import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../src/net/listener.js';
import { ticketLifetime } from '../../src/probe/ticket.js';
import { good } from '../servers/zoo/certificates.js';

test.each([
  ['TLSv1.2', 7200],
  ['TLSv1.3', 7200],
  ['TLSv1.3', 90],
] as const)('a session of %s says how long it may be kept: %i s', async (version, seconds) => {
  const { ca, server } = await good();
  const listener = await listen({ tls: { ...server, sessionTimeout: seconds }, onSocket: (socket) => void socket.resume() });
  onTestFinished(() => listener.close());
  const session = await new Promise<Buffer>((given, failed) => {
    const socket = connect({ host: '127.0.0.1', port: listener.port, servername: 'localhost', ca, minVersion: version, maxVersion: version });
    socket.once('session', given).once('error', failed);
    onTestFinished(() => void socket.destroy());
  });
  expect(ticketLifetime(session)).toBe(seconds);
});

test('bytes that are no session say nothing', () => {
  expect(ticketLifetime(Buffer.alloc(0))).toBeNull();
  expect(ticketLifetime(Buffer.from('no session'))).toBeNull();
  expect(ticketLifetime(Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]))).toBeNull();
});
