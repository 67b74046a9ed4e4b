import type { OpenClient } from '../../src/clients/client.js';
import type { Ns } from '../../src/define.js';
import type { Sample } from '../../src/measure/sample.js';
import type { ManualClock } from './manual-clock.js';

/** A client without a network: every exchange takes a fixed time on a manual clock. */
export class ScriptedClient implements OpenClient {
  readonly seen: { request: number; intendedNs: Ns; dispatchedNs: Ns; measured: boolean }[] = [];
  readonly #underWay = new Set<Sample>();

  constructor(
    private readonly clock: ManualClock,
    private readonly serviceMs: number,
  ) {}

  exchange(sample: Sample): void {
    const { request, intendedNs, dispatchedNs, measured } = sample;
    this.seen.push({ request, intendedNs, dispatchedNs, measured });
    sample.sentNs = this.clock.nowNs();
    this.#underWay.add(sample);
    if (this.serviceMs === Infinity) return;
    this.clock.later(() => this.#end(sample, ''), this.serviceMs);
  }

  async close(): Promise<void> {
    for (const sample of this.#underWay) this.#end(sample, 'stopped');
  }

  #end(sample: Sample, failure: string): void {
    if (!this.#underWay.delete(sample)) return;
    sample.doneNs = this.clock.nowNs();
    sample.status = failure === '' ? 200 : 0;
    sample.failure = failure;
    sample.done(sample);
  }
}
