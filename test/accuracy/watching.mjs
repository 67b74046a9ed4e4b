// Loaded into every thread of sameconn first: keeps what its recorder is told of each exchange, and writes it down when a round is over.
// A line of JSON a round into $SAMECONN_WATCHED: when each request was sent and done, in ns, in the order in which they were done.
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  const { rehearse } = await import('../../dist/engine/rehearsal.js');
  rehearse(); // before we listen: it is no part of any round
  const { Recorder } = await import('../../dist/measure/recorder.js');
  const { record, tally } = Recorder.prototype;
  let exchanges = [];
  Recorder.prototype.record = function (sample) {
    if (sample.sentNs >= 0) exchanges.push([sample.sentNs, sample.doneNs]);
    record.call(this, sample);
  };
  Recorder.prototype.tally = function () {
    appendFileSync(process.env.SAMECONN_WATCHED, `${JSON.stringify(exchanges)}\n`);
    exchanges = [];
    return tally.call(this);
  };
}
