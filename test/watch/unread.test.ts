import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { queuesTo, unreadByClients } from '../../src/watch/unread.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { until, wire } from './watching.js';

test('the kernel’s table tells what the sockets that are connected to a port have not read', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1',
    '   1: 0100007F:C350 0100007F:1F90 01 00000000:0001A000 00:00000000 00000000     0        0 2',
    '   2: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 3',
    '   3: 0100007F:C352 0100007F:1F91 01 00000000:00000010 00:00000000 00000000     0        0 4',
  ].join('\n');
  expect([...queuesTo(8080, table)]).toEqual([
    [50_000, 0x1a000],
    [50_001, 0],
  ]);
});

test.skipIf(!existsSync('/proc/net/tcp'))('what a client of this machine has not read is seen, and nothing of one that is not here', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}).write('x'.repeat(5000))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const client = await wire(port);
  client.socket.pause();
  const unreadAt = () => unreadByClients(() => readFileSync('/proc/net/tcp', 'latin1'), () => port, new ManualClock());
  await until(() => unreadAt()(client.socket.localPort!) === 5000 - client.heard().length);
  expect(unreadAt()(1)).toBeNull();
});
