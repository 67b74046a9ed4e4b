import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FileBody } from '../../src/net/endpoint.js';
import { carryOut, type Plan } from '../fakes/exchange.js';
import { senders } from '../fakes/senders.js';
import { expectLaws } from '../fakes/laws.js';
import { endpointAt } from '../servers/zoo/member.js';

const MiB = 1024 * 1024;

interface Upload {
  readonly length: number;
  readonly bytes: number;
  readonly hash: string;
}

/** A server that takes uploads to their end, each in its own way. */
async function taking(take: (request: IncomingMessage, turn: number) => void = () => {}) {
  const uploads: Upload[] = [];
  let turns = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const hash = createHash('sha256');
    let bytes = 0;
    const upload = (): Upload => ({ length: Number(request.headers['content-length']), bytes, hash: hash.digest('hex') });
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      hash.update(part);
    });
    request.on('end', () => (uploads.push(upload()), response.end('ok')));
    request.on('error', () => {});
    request.on('close', () => void (request.complete || uploads.push(upload())));
    take(request, ++turns);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => new Promise<void>((done) => (server.close(() => done()), server.closeAllConnections())));
  return { endpoint: endpointAt((server.address() as AddressInfo).port), uploads };
}

function file(bytes: Buffer | number): FileBody {
  const folder = mkdtempSync(join(tmpdir(), 'sameconn-body-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'body');
  writeFileSync(path, typeof bytes === 'number' ? '' : bytes);
  if (typeof bytes === 'number') truncateSync(path, bytes); // a hole of zeros: no disk is filled
  return { path, length: statSync(path).size, modifiedMs: statSync(path).mtimeMs };
}

const posting = (body: FileBody, exchanges: number, more: Partial<Plan> = {}): Plan => ({ exchanges, warmup: 0, request: { method: 'POST', body }, ...more });

describe.each(senders)('a body on disk, sent by $name,', ({ client }) => {
  test('arrives whole, with its length in the head, again and again on one connection', async () => {
    const { endpoint, uploads } = await taking();
    const bytes = Buffer.from(Array.from({ length: 3 * MiB + 7 }, (_, at) => (at * 7919) >> 3));
    const account = await carryOut(client, endpoint, posting(file(bytes), 4));
    expectLaws(account);
    expect(account.requests).toMatchObject({ completed: 4, failures: {} });
    expect(account.connections.requestsPerConnection).toEqual({ 4: 1 });
    const whole = { length: bytes.length, bytes: bytes.length, hash: createHash('sha256').update(bytes).digest('hex') };
    expect(uploads).toEqual([whole, whole, whole, whole]);
  });

  test('arrives whole on several connections at once', async () => {
    const { endpoint, uploads } = await taking();
    const account = await carryOut(client, endpoint, posting(file(2 * MiB), 6, { together: 3, rules: { connections: 3 } }));
    expectLaws(account);
    expect(account.requests.completed).toBe(6);
    expect(new Set(uploads.map(({ length, bytes, hash }) => `${length} ${bytes} ${hash}`)).size).toBe(1);
  });

  test('is read no faster than the server takes it', async () => {
    const { endpoint } = await taking((request) => request.pause());
    const account = await carryOut(client, endpoint, { ...posting(file(256 * MiB), 1), timeouts: { responseNs: 300e6 } });
    expect(account.requests.failures).toEqual({ 'response-timeout': 1 });
    expect(account.ended.map(({ bytesOut }) => bytesOut < 64 * MiB)).toEqual([true]); // what the buffers of both kernels hold
  });

  test('that was changed after the plan is not sent at all, and the connection stays as it is', async () => {
    const body = file(2 * MiB);
    const { endpoint, uploads } = await taking((_request, turn) => void (turn === 2 && utimesSync(body.path, 1, 1)));
    const account = await carryOut(client, endpoint, posting(body, 5));
    expectLaws(account);
    expect(account.requests).toMatchObject({ sent: 2, completed: 2, aborted: 3, failures: { 'request-body': 3 } });
    expect(uploads).toHaveLength(2);
    expect(account.connections.closedBy).toEqual({ 'round-end': 1 });
  });

  test('that is gone is not sent at all', async () => {
    const { endpoint, uploads } = await taking();
    const account = await carryOut(client, endpoint, posting({ path: '/nowhere/at/all', length: 2 * MiB, modifiedMs: 0 }, 2));
    expect(account.requests).toMatchObject({ sent: 0, aborted: 2, failures: { 'request-body': 2 } });
    expect([uploads, account.connections.attempts]).toEqual([[], 0]);
  });

  test('that becomes shorter while it is sent fails, and takes its connection along', async () => {
    const body = file(64 * MiB);
    const { endpoint, uploads } = await taking((request) => request.once('data', () => truncateSync(body.path, MiB)));
    const account = await carryOut(client, endpoint, posting(body, 2));
    expectLaws(account);
    expect(account.requests).toMatchObject({ sent: 1, completed: 0, failed: 1, aborted: 1, failures: { 'request-body': 2 } });
    expect(account.connections.closedBy).toEqual({ 'body-lost': 1 });
    await vi.waitFor(() => expect(uploads.map(({ length, bytes }) => [length, bytes < length])).toEqual([[64 * MiB, true]]));
  });
});
