// A thread that has other things to do: 200 ms of every 600.
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  setInterval(() => {
    const until = performance.now() + 200;
    while (performance.now() < until);
  }, 600).unref();
}
