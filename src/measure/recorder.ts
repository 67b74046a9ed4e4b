import type { Ns } from '../define.js';
import type { RequestCounts } from '../result/schema.js';
import { Histogram } from './histogram.js';
import type { Sample } from './sample.js';
import type { Series } from './series.js';
import type { SelfObservation, WorkerTally } from './tally.js';

/** Takes in every exchange of one worker and one round: counts and, for the measured window, its slices and the six histograms. Allocates nothing per exchange. */
export class Recorder {
  readonly #measured = new Counts();
  readonly #warmup = new Counts();
  // Response in two halves, merged when the round is over: whether the window was still warming up costs nothing to know.
  readonly #firstHalf = Histogram.empty();
  readonly #secondHalf = Histogram.empty();
  readonly #served = Histogram.empty();
  readonly #service = Histogram.empty();
  readonly #wait = Histogram.empty();
  readonly #connect = Histogram.empty();
  readonly #tls = Histogram.empty();
  #exchangesNs: Ns = 0;
  /** The middle of the measured window, on the clock of the run. */
  middleNs: Ns = Infinity;

  /** @param expectedStatus for each status code 0 to 999, whether it counts as completed @param series the slices of the same window */
  constructor(
    private readonly expectedStatus: Uint8Array,
    readonly series: Series,
  ) {}

  /** An arrival that could not leave because the in-flight limit was reached. */
  shed(intendedNs: Ns, measured: boolean): void {
    const counts = measured ? this.#measured : this.#warmup;
    counts.planned++;
    counts.shed++;
    if (measured) this.series.shed(intendedNs);
  }

  /** The end of an exchange. An unexpected status is a failure: it keeps its place in the counts, but not in the latencies. */
  record(sample: Sample): void {
    if (sample.failure === '' && this.expectedStatus[sample.status] !== 1) sample.failure = 'status';
    const counts = sample.measured ? this.#measured : this.#warmup;
    const servedNs = sample.doneNs - sample.dispatchedNs;
    this.#exchangesNs += servedNs;
    counts.planned++;
    if (sample.status !== 0) counts.statuses[sample.status]!++;
    counts.bytesIn += sample.bytesIn;
    if (sample.sentNs >= 0) counts.sent++;
    if (sample.failure !== '') {
      if (sample.sentNs >= 0) counts.failed++;
      else counts.aborted++;
      counts.failures.set(sample.failure, (counts.failures.get(sample.failure) ?? 0) + 1);
    } else counts.completed++;
    if (!sample.measured) return;
    this.series.record(sample);
    if (sample.connectNs >= 0) this.#connect.record(sample.connectNs);
    if (sample.tlsNs >= 0) this.#tls.record(sample.tlsNs);
    if (sample.failure !== '') return;
    (sample.intendedNs < this.middleNs ? this.#firstHalf : this.#secondHalf).record(sample.doneNs - sample.intendedNs);
    this.#served.record(servedNs);
    this.#service.record(sample.doneNs - sample.sentNs);
    this.#wait.record(sample.sentNs - sample.dispatchedNs);
  }

  get planned(): number {
    return this.#measured.planned + this.#warmup.planned;
  }
  get completed(): number {
    return this.#measured.completed + this.#warmup.completed;
  }
  get sent(): number {
    return this.#measured.sent + this.#warmup.sent;
  }
  get lost(): number {
    return this.#measured.failed + this.#measured.aborted + this.#measured.shed + this.#warmup.failed + this.#warmup.aborted + this.#warmup.shed;
  }

  /** What this worker saw of the requests, as plain data. */
  tally(): Pick<WorkerTally, 'requests' | 'histograms' | 'over60s' | 'series'> {
    const response = Histogram.empty();
    response.add(this.#firstHalf);
    response.add(this.#secondHalf);
    const late = this.series.late();
    const all = [response, this.#service, this.#wait, late, this.#connect, this.#tls];
    return {
      requests: { ...this.#measured.plain(), warmup: this.#warmup.plain() },
      histograms: {
        response: response.encode(),
        service: this.#service.encode(),
        wait: this.#wait.encode(),
        late: late.encode(),
        connect: this.#connect.encode(),
        tls: this.#tls.encode(),
      },
      over60s: all.reduce((sum, histogram) => sum + histogram.over, 0),
      series: this.series.tally(),
    };
  }

  /** What only the gates ask for. */
  observed(): Pick<SelfObservation, 'firstHalf' | 'secondHalf' | 'served' | 'exchangesNs'> {
    return { firstHalf: this.#firstHalf.encode(), secondHalf: this.#secondHalf.encode(), served: this.#served.encode(), exchangesNs: this.#exchangesNs };
  }
}

class Counts {
  planned = 0;
  sent = 0;
  completed = 0;
  failed = 0;
  shed = 0;
  aborted = 0;
  bytesIn = 0;
  readonly failures = new Map<string, number>();
  readonly statuses = new Uint32Array(1000);

  plain(): RequestCounts {
    const { planned, sent, completed, failed, shed, aborted, bytesIn } = this;
    const statuses: Record<string, number> = {};
    this.statuses.forEach((count, status) => {
      if (count > 0) statuses[status] = count;
    });
    return { planned, sent, completed, failed, shed, aborted, failures: Object.fromEntries(this.failures), statuses, bytesIn };
  }
}
