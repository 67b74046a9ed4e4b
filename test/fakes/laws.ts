/** What holds for every round, whatever the server did. */
import { expect } from 'vitest';
import type { Sample } from '../../src/measure/sample.js';
import type { Connection } from '../../src/net/ledger.js';
import { failureKinds } from '../../src/net/failures.js';
import { reasonOf, reasons } from '../../src/net/reasons.js';
import type { Account } from './exchange.js';

export function expectLaws({ connections, samples, ended }: Account): void {
  const attempts = connections.attempts + connections.warmup.attempts;
  expect(ended).toHaveLength(attempts);
  expectReasons(ended);
  for (const sample of samples) expectInstants(sample);
  const paidFor = samples.filter(({ ordinal }) => ordinal === 1).length;
  expect(paidFor, 'first requests').toBe(ended.filter(({ carried }) => carried > 0).length);
  expect(connections.peakNeeded).toBeLessThanOrEqual(samples.length);
}

/** One reason each, in the words of the predecessor's end: what was said when the successor was opened must still be right when the predecessor is gone. */
function expectReasons(ended: readonly Connection[]): void {
  const byId = new Map(ended.map((connection) => [connection.id, connection]));
  expect(byId.size, 'each connection ends once').toBe(ended.length);
  expect(ended.filter(({ reason }) => reason === 'initial').map(({ id }) => id), 'one initial connection').toEqual([0]);
  for (const { id, reason, predecessor, attemptNs } of ended) {
    expect(reasons).toHaveProperty([reasonOf(reason)]);
    if (predecessor < 0) {
      expect(reason).toBe(id === 0 ? 'initial' : 'pool-grow');
      continue;
    }
    const before = byId.get(predecessor)!;
    expect(before.id, 'the predecessor is older').toBeLessThan(id);
    expect(before.end, 'the reason is the end of the predecessor').toBe(reason);
    expect(before.idleSinceNs, 'the predecessor had carried its last exchange').toBeLessThanOrEqual(attemptNs);
  }
}

function expectInstants({ intendedNs, dispatchedNs, sentNs, firstByteNs, doneNs, failure, ordinal, connectNs, status }: Sample): void {
  const instants = [intendedNs, dispatchedNs, ...(sentNs < 0 ? [] : [sentNs]), ...(firstByteNs < 0 ? [] : [firstByteNs]), doneNs];
  expect(instants, 'instants in their order').toEqual(instants.toSorted((a, b) => a - b));
  expect(connectNs >= 0, 'the first exchange of a connection pays for it, and no other').toBe(ordinal === 1);
  expect(ordinal > 0, 'sent on a connection').toBe(sentNs >= 0);
  if (failure !== '') expect(failureKinds).toHaveProperty([failure]);
  else {
    expect(status).toBeGreaterThanOrEqual(200);
    expect(firstByteNs).toBeGreaterThan(0);
  }
}
