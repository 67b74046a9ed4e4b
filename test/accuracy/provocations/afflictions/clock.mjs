// A thread whose clock jumps ahead by 5 ms, three times a second.
import { performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  const honest = performance.now.bind(performance);
  let aheadMs = 0;
  performance.now = () => honest() + aheadMs;
  setInterval(() => (aheadMs += 5), 300).unref();
}
