/** Starts the embedded target in a process of its own, so that it shares no event loop with the load. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { CountsDemand, TargetMessage } from './messages.js';
import type { TargetCounts } from './target.js';

export type { TargetCounts } from './target.js';

export interface DemoTarget {
  readonly httpUrl: string;
  readonly httpsUrl: string;
  /** The authority to trust for https, PEM. */
  readonly ca: string;
  /** What the target itself counted: the second witness. */
  counts(): Promise<TargetCounts>;
  stop(): Promise<void>;
}

/** @throws Error with what the process last said, when it ends before it is ready */
export async function startDemoTarget(): Promise<DemoTarget> {
  const child = fork(entry(), [], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const ready = await untilReady(child);
  let demands = 0;
  return {
    httpUrl: `http://127.0.0.1:${ready.httpPort}/`,
    httpsUrl: `https://127.0.0.1:${ready.httpsPort}/`,
    ca: ready.ca,
    counts: () => demandCounts(child, ++demands),
    stop: () => stop(child),
  };
}

/** Seen from the sources, as the tests see it, the compiled process is the one that was built last. */
function entry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? '../../dist/demo/process.js' : './process.js', import.meta.url);
}

function untilReady(child: ChildProcess): Promise<Extract<TargetMessage, { type: 'ready' }>> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
  return new Promise((done, fail) => {
    const ended = (how: unknown): void => fail(new Error(`the embedded target ended before it was ready (${String(how)})\n${complaint}`.trimEnd()));
    child.once('error', ended);
    child.once('close', (code, signal) => ended(signal ?? `exit code ${code}`));
    child.once('message', (message: TargetMessage) => {
      child.removeAllListeners('error').on('error', () => {});
      if (message.type === 'ready') done(message);
    });
  });
}

function demandCounts(child: ChildProcess, number: number): Promise<TargetCounts> {
  return new Promise((done, fail) => {
    const settle = (act: () => void): void => {
      child.off('message', heard).off('exit', gone);
      act();
    };
    const heard = (message: TargetMessage): void => {
      if (message.type === 'counts' && message.number === number) settle(() => done(message.counts));
    };
    const gone = (): void => settle(() => fail(new Error('the embedded target is no longer running')));
    child.on('message', heard).on('exit', gone);
    if (!child.connected) gone();
    else child.send({ type: 'counts?', number } satisfies CountsDemand);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit'); // a channel we cut ourselves never lets 'close' come
  if (child.connected) child.disconnect();
  else child.kill();
  await ended;
}
