/** The loop: sends every arrival when it is due, whatever the responses do, and records how each exchange ended. */
import type { Ns } from '../define.js';
import type { OpenClient } from '../clients/client.js';
import type { Clock } from '../measure/clock.js';
import type { Recorder } from '../measure/recorder.js';
import { Sample } from '../measure/sample.js';
import type { Arrivals } from './arrivals.js';

/** Sleep until this long before the next arrival, then turn: Node's timers come up to 1 ms late and go by whole ms. */
const SPIN_NS = 1.5e6;

/**
 * A turn lasts at least this long. Node throws away 0.3 KB at every turn: of turns as short as can be (1.2 µs) that is 250 MB/s, and the pauses to collect it made
 * 1 % of 20,000/s late by 0.3 ms or more. An answer is read later by half of this on average.
 */
const TURN_NS = 3e3;

/** The same while nothing is in flight: nothing can come then but a server's close, and for that there is a short turn before the next arrival. */
const IDLE_TURN_NS = 50e3;

/** A loop that is away for longer than this stalls. */
const STALL_NS = 20e6;

export interface DriveLoad {
  /** On the clock of the run. */
  readonly startNs: Ns;
  readonly warmupNs: Ns;
  readonly windowNs: Ns;
  readonly maxInFlight: number;
  readonly pacing: 'hybrid' | 'timer';
  /** Open loop: this worker's arrivals. Closed loop: how many requests it keeps in flight. */
  readonly arrivals: Arrivals | number;
  /** Which of the round's requests the next one is. */
  readonly chooseRequest: () => number;
}

export interface DriveParts {
  readonly clock: Clock;
  readonly client: OpenClient;
  readonly recorder: Recorder;
  readonly schedule: Schedule;
  readonly stopped: () => boolean;
}

/** How the loop waits; faked in tests. */
export interface Schedule {
  later(run: () => void, ms: number): void;
  soon(run: () => void): void;
  /** Holds the loop until then. */
  hold(clock: Clock, untilNs: Ns): void;
}

export const realSchedule: Schedule = { later: (run, ms) => void setTimeout(run, ms), soon: (run) => void setImmediate(run), hold };

function hold(clock: Clock, untilNs: Ns): void {
  while (clock.nowNs() < untilNs) for (let count = 0; count < BETWEEN_READINGS; count++); // a reading of the clock allocates, up to Node 22
}

/** Some 0.4 µs. */
const BETWEEN_READINGS = 1000;

export class Drive {
  inFlight = 0;
  /** Longest time by which the loop came back later than it asked to. */
  longestTurnNs: Ns = 0;
  /** The part of the measured window in which the loop was away for more than 20 ms at a time. */
  stalledNs: Ns = 0;
  /** ∫ inFlight dt, as of the last dispatch or done: once all is over it equals Σ (done − dispatched), or an exchange was lost or counted twice. */
  inFlightNs: Ns = 0;
  #changedNs: Ns = 0;
  readonly #endNs: Ns;
  #free: Sample | null = null;
  #sending = true;
  #wakeNs: Ns = 0;
  #finish!: () => void;
  readonly #turn = (): void => this.#send();
  readonly #record = (sample: Sample): void => this.#done(sample);

  constructor(
    private readonly load: DriveLoad,
    private readonly parts: DriveParts,
  ) {
    this.#endNs = load.warmupNs + load.windowNs;
  }

  /** Sends and records until every exchange of the round is over. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#wakeAt(this.load.startNs, this.parts.clock.nowNs());
    });
  }

  #send(): void {
    const nowNs = this.parts.clock.nowNs();
    this.#cameBack(nowNs);
    if (this.parts.stopped()) return this.#stopSending();
    if (nowNs < this.load.startNs) return this.#wakeAt(this.load.startNs, nowNs);
    const { arrivals } = this.load;
    if (typeof arrivals === 'number') return this.#fillInFlight(arrivals);
    this.#sendDue(arrivals, nowNs);
    this.parts.schedule.hold(this.parts.clock, this.#turnEnd(this.load.startNs + arrivals.nextNs, nowNs));
    this.#sendDue(arrivals, this.parts.clock.nowNs());
    if (arrivals.nextNs === Infinity) return this.#stopSending();
    this.#wakeAt(this.load.startNs + arrivals.nextNs, this.parts.clock.nowNs());
  }

  #turnEnd(nextNs: Ns, nowNs: Ns): Ns {
    const idle = this.inFlight === 0 && nextNs - nowNs > 2 * TURN_NS;
    return idle ? Math.min(nextNs - TURN_NS, nowNs + IDLE_TURN_NS) : Math.min(nextNs, nowNs + TURN_NS);
  }

  /** @param nowNs fixed for this turn: a backlog cannot keep the sockets from being read */
  #sendDue(arrivals: Arrivals, nowNs: Ns): void {
    const dueNs = nowNs - this.load.startNs;
    while (arrivals.nextNs <= dueNs) {
      const intendedNs = arrivals.nextNs;
      arrivals.take();
      if (this.inFlight >= this.load.maxInFlight) this.parts.recorder.shed(this.load.startNs + intendedNs, intendedNs >= this.load.warmupNs);
      else this.#dispatch(this.load.startNs + intendedNs, this.parts.clock.nowNs());
    }
  }

  #cameBack(nowNs: Ns): void {
    const { startNs, warmupNs } = this.load;
    const awayNs = nowNs - this.#wakeNs;
    if (awayNs <= this.longestTurnNs && awayNs <= STALL_NS) return;
    if (this.#wakeNs <= startNs) return;
    if (awayNs > this.longestTurnNs) this.longestTurnNs = awayNs;
    if (awayNs > STALL_NS) this.stalledNs += Math.max(0, Math.min(nowNs, startNs + this.#endNs) - Math.max(this.#wakeNs, startNs + warmupNs));
  }

  #wakeAt(dueNs: Ns, nowNs: Ns): void {
    const waitNs = dueNs - nowNs;
    const { schedule } = this.parts;
    if (this.load.pacing === 'timer') {
      const ms = Math.max(1, Math.ceil(waitNs / 1e6));
      this.#wakeNs = nowNs + ms * 1e6;
      schedule.later(this.#turn, ms);
    } else if (waitNs > SPIN_NS + 1e6) {
      const ms = Math.floor((waitNs - SPIN_NS) / 1e6);
      this.#wakeNs = nowNs + ms * 1e6;
      schedule.later(this.#turn, ms);
    } else {
      this.#wakeNs = nowNs;
      schedule.soon(this.#turn);
    }
  }

  // Closed loop: the first of each slot here, the rest as each returns.
  #fillInFlight(most: number): void {
    while (this.inFlight < most) {
      const nowNs = this.parts.clock.nowNs();
      this.#dispatch(nowNs, nowNs);
    }
    this.#watchEnd();
  }

  // The end of a closed round comes even if no response does.
  #watchEnd(): void {
    const nowNs = this.parts.clock.nowNs();
    this.#cameBack(nowNs);
    const leftNs = this.load.startNs + this.#endNs - nowNs;
    if (leftNs <= 0 || this.parts.stopped()) return this.#stopSending();
    const ms = Math.min(50, Math.ceil(leftNs / 1e6));
    this.#wakeNs = nowNs + ms * 1e6;
    this.parts.schedule.later(() => this.#watchEnd(), ms);
  }

  #dispatch(intendedNs: Ns, nowNs: Ns): void {
    const sample = this.#free ?? this.#newSample();
    this.#free = sample.next;
    this.#count(1, nowNs);
    sample.begin(this.load.chooseRequest(), intendedNs, nowNs, intendedNs - this.load.startNs >= this.load.warmupNs);
    this.parts.client.exchange(sample);
  }

  #done(sample: Sample): void {
    this.#count(-1, sample.doneNs);
    this.parts.recorder.record(sample);
    sample.next = this.#free;
    this.#free = sample;
    if (this.#sending && typeof this.load.arrivals === 'number') {
      const { doneNs } = sample; // the next is due the instant that one returns
      if (doneNs - this.load.startNs < this.#endNs) this.#dispatch(doneNs, doneNs);
    }
    if (!this.#sending && this.inFlight === 0) this.#finish();
  }

  #count(change: 1 | -1, atNs: Ns): void {
    this.inFlightNs += this.inFlight * (atNs - this.#changedNs);
    this.#changedNs = atNs;
    this.parts.recorder.series.inFlight(this.inFlight, this.inFlight + change, atNs);
    this.inFlight += change;
  }

  #stopSending(): void {
    this.#sending = false;
    if (this.inFlight === 0) this.#finish();
    else if (this.parts.stopped()) void this.parts.client.close(); // fails what is under way
    else if (typeof this.load.arrivals !== 'number') this.#watchStop();
  }

  #watchStop(): void {
    if (this.inFlight === 0) return;
    if (this.parts.stopped()) void this.parts.client.close();
    else this.parts.schedule.later(() => this.#watchStop(), 50);
  }

  #newSample(): Sample {
    const sample = new Sample();
    sample.done = this.#record;
    return sample;
  }
}
