import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startDemoTarget } from '../../src/demo/start.js';
import { send } from '../servers/plain-client.js';

describe('the target in its own process', () => {
  it('counts what the client counts, and is gone when stopped', async () => {
    const target = await startDemoTarget();
    try {
      const overHttp = await send(target.httpUrl, 10, 'fresh');
      const overHttps = await send(target.httpsUrl, 10, 'resumed', target.ca);
      const { http, https } = await target.counts();
      expect(http).toMatchObject({ ...overHttp, connections: 10, requests: 10 });
      expect(https).toMatchObject({ ...overHttps, connections: 10, tlsFull: 1, tlsResumed: 9 });
    } finally {
      await target.stop();
    }
    expect(await refuses(target.httpUrl)).toBe('ECONNREFUSED');
    await expect(target.counts()).rejects.toThrow('no longer running');
    await target.stop();
  });

  it('dies with its parent, even one that has no time to say so, and not from Ctrl-C', async () => {
    const child = fork(new URL('../../dist/demo/process.js', import.meta.url), [], { execArgv: [] });
    const [ready] = (await once(child, 'message')) as [{ httpPort: number }];
    child.kill('SIGINT');
    const url = `http://127.0.0.1:${ready.httpPort}/`;
    expect((await send(url, 3, 'reused')).connections).toBe(1);
    child.disconnect();
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(await refuses(url)).toBe('ECONNREFUSED');
  });
});

async function refuses(url: string): Promise<string | undefined> {
  const [error] = (await once(connect(Number(new URL(url).port), '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
  return error.code;
}
