/** What a thread of the crew runs. */
import { carryOut } from './carry-out.js';
import type { Assignment } from './messages.js';
import type { WorkerTally } from '../measure/tally.js';

export default function work(assignment: Assignment): Promise<WorkerTally> {
  return carryOut(assignment);
}
