import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { collectGarbage, prepareHeaps } from '../../src/engine/heap.js';

/** Throws away 40 MB, then says how large the young generation has become, in MB. */
const WASTE = `
  const { parentPort } = require('node:worker_threads');
  const { getHeapSpaceStatistics } = require('node:v8');
  for (let turn = 0; turn < 400_000; turn++) globalThis.waste = { turn: turn + 0.5, a: 1, b: 2, c: 3, d: 4 };
  parentPort.postMessage(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20);
`;

async function youngMb(): Promise<number> {
  const [mb] = (await once(new Worker(WASTE, { eval: true }), 'message')) as [number];
  return mb;
}

test('a thread that is begun afterwards need not collect what it throws away every few milliseconds', async () => {
  expect(await youngMb()).toBeLessThan(12);
  prepareHeaps();
  expect(await youngMb()).toBeGreaterThanOrEqual(16);
});

test('garbage is collected when we say so', async () => {
  const kept = [new WeakRef({})];
  await new Promise((next) => setTimeout(next)); // a WeakRef holds what it was made with until the turn ends
  expect(kept[0]!.deref()).toBeDefined();
  await new Promise((next) => setTimeout(next));
  collectGarbage();
  expect(kept[0]!.deref()).toBeUndefined();
});
