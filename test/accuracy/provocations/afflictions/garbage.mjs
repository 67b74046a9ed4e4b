// A thread with a large heap, all of which is gone through ten times a second.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const kept = Array.from({ length: 500_000 }, (_, id) => ({ id, name: [id] }));
  setInterval(() => {
    collect();
    kept[0].id++;
  }, 100).unref();
}
