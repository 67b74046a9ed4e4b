/** What a thread of the selftest runs: the work of any other thread, with bare sockets in place of the client when the assignment says so. */
import type { Client } from '../clients/client.js';
import { prepareRequest } from '../clients/wire/request.js';
import type { WorkerTally } from '../measure/tally.js';
import { BareSockets } from '../net/bare.js';
import { carryOut } from './carry-out.js';
import type { Assignment } from './messages.js';

/** In the place of a client's name: bare sockets. No arm can ask for it, because it keeps no books. */
export const BARE = 'bare';

const bare: Pick<Client, 'open'> = {
  open: ({ endpoint, requests, clock }) => new BareSockets(endpoint, prepareRequest(requests[0]!, endpoint.authority).keeping, clock),
};

export default function work(assignment: Assignment): Promise<WorkerTally> {
  return assignment.client === BARE ? carryOut(assignment, bare) : carryOut(assignment);
}
