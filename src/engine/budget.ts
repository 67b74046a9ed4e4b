/** What a plan needs of ports and file descriptors, against what this host has: what cannot work is refused before it starts. */
import { choose } from '../define.js';
import { RequestError } from '../errors.js';
import type { Endpoint } from '../net/endpoint.js';
import * as pacers from '../pacers/index.js';
import type { Plan, PlannedArm } from '../scenario/plan.js';
import { formatCount, formatDuration, NS_PER_MS } from '../units.js';
import type { Budget } from './host.js';

/**
 * Ports are held only where we close first: a connection that the server ends, or a reset, leaves its TIME_WAIT elsewhere or none.
 * A closed loop has no rate to foretell, and an unknown range no limit: neither is refused.
 * @throws RequestError with the arithmetic, when the busiest stretch of the plan needs more ports than there are, or one arm more sockets than the process may open
 */
export function checkBudget(plan: Plan, endpoint: Endpoint, budget: Budget): void {
  checkPorts(plan, endpoint, budget);
  checkDescriptors(plan, budget);
}

function checkPorts(plan: Plan, endpoint: Endpoint, { ports, portHeldMs }: Budget): void {
  if (ports === null || portHeldMs === null) return;
  const heldNs = portHeldMs * NS_PER_MS;
  const need = mostWithin(plan, heldNs);
  if (need <= ports) return;
  const perSecond = Math.floor(ports / (portHeldMs / 1000));
  const to = `${endpoint.address}:${endpoint.port}`;
  throw new RequestError(
    `this plan opens ${formatCount(need)} connections to ${to} within ${formatDuration(heldNs)} and closes them first, but there are ${formatCount(ports)} local ports and each stays taken for ${formatDuration(heldNs)} (TIME_WAIT): ` +
      `${formatCount(ports)} / ${formatDuration(heldNs)} = ${formatCount(perSecond)} fresh connections a second to one address`,
    `end them with a reset (options.closeBy: reset), connect from several addresses (target.localAddress: a list), or ask for at most ${formatCount(perSecond)} fresh connections a second`,
  );
}

function checkDescriptors({ scenario, arms }: Plan, { fdLimit, openFds }: Budget): void {
  if (fdLimit === null || openFds === null) return;
  for (const { name, rules } of arms) {
    const sockets = Math.min(rules.connections, scenario.load.maxInFlight);
    if (openFds + sockets <= fdLimit) continue;
    throw new RequestError(
      `arm ${name} may need ${formatCount(sockets)} sockets at once, but this process may open ${formatCount(fdLimit)} files and has ${formatCount(openFds)} open already`,
      `raise the limit (ulimit -n ${sockets + openFds + 100}), or lower the arm's connections to ${formatCount(Math.max(1, fdLimit - openFds))}`,
    );
  }
}

/** The most connections closed by us in any stretch of this length: rounds follow each other with a pause between, each opening at its arm's mean rate. */
function mostWithin(plan: Plan, stretchNs: number): number {
  const { load } = plan.scenario;
  const pacer = choose(pacers, load.pacer, 'pacer');
  if (pacer.model === 'closed') return 0;
  const roundNs = load.warmupNs + load.durationNs;
  const restNs = load.washoutNs;
  const requests = pacer.expected(plan.pacerOptions, roundNs);
  const opens = plan.rounds.map(({ arm }) => requests * heldPerRequest(plan.arms[arm]!));
  const ends = opens.map((_, last) => {
    let need = 0;
    for (let round = last, leftNs = stretchNs; round >= 0 && leftNs > 0; round--, leftNs -= roundNs + restNs) need += opens[round]! * Math.min(1, leftNs / roundNs);
    return need;
  });
  return Math.round(Math.max(0, ...ends));
}

/** Connections of ours in TIME_WAIT for each request. undici closes its side even where the server is asked to. */
function heldPerRequest({ rules, client }: PlannedArm): number {
  const closesFirst = rules.closeBy === 'client' || (rules.closeBy === 'server' && client === 'undici');
  return closesFirst && Number.isFinite(rules.requestsPerConnection) ? 1 / rules.requestsPerConnection : 0;
}
