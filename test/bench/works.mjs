/** What is measured against the peers: the same work for everyone, and the bars that we set ourselves. */
import { runScript } from './process.mjs';
import { CONNECTIONS, installed, runPeer } from './peers.mjs';
import { urlOf } from './target.mjs';
import { couples, median } from './numbers.mjs';

/** Long enough for V8 to have compiled what is used: a run of two seconds would be charged for it otherwise. */
const WARMUP_MS = 1500;
/** wrk is not among them: it resumes in silence. */
const FULL_HANDSHAKES = ['ab', 'autocannon', 'hey', 'vegeta'];

/**
 * `bars` are least ratios to a peer; `against` names the peers, all that can do the work when it is missing. Of fresh connections they are held against the default
 * of the policy, which is also what every peer does: it says that it wants one answer, and the server closes. Who closes first itself has the local ports waiting
 * besides: beyond 28,000 connections to one address the kernel searches for a free one.
 */
export const works = [
  { name: 'reused, http', scheme: 'http', policy: 'reused', bars: { wrk: 0.95, autocannon: 1.4 } },
  { name: 'reused, https', scheme: 'https', policy: 'reused', bars: { wrk: 1 } },
  { name: 'fresh, http, server closes', scheme: 'http', policy: 'fresh', closeBy: 'server', bars: { wrk: 0.85, autocannon: 1.3 } },
  { name: 'fresh, http, we close', scheme: 'http', policy: 'fresh', closeBy: 'client', bars: {}, against: ['wrk'] },
  { name: 'fresh, http, reset', scheme: 'http', policy: 'fresh', closeBy: 'reset', bars: {}, against: ['wrk'] },
  { name: 'fresh, TLS 1.3, server closes', scheme: 'https', policy: 'fresh', closeBy: 'server', bars: { ab: 0.9 }, against: FULL_HANDSHAKES },
  { name: 'fresh, TLS 1.3, we close', scheme: 'https', policy: 'fresh', closeBy: 'client', bars: {}, against: ['ab'] },
  { name: 'fresh, TLS 1.3, reset', scheme: 'https', policy: 'fresh', closeBy: 'reset', bars: {}, against: ['ab'] },
];

/**
 * Measures one work against its peers by turns: each of our runs lies between two of theirs, in an order that turns round from pair to pair, and a ratio is taken
 * only between neighbours.
 * @returns one line for each peer: our rate, its rate, the median ratio with its spread, and the bar
 */
export async function measure(work, server, { pairs, seconds }, told) {
  const fresh = work.policy !== 'reused';
  const peers = installed.filter((peer) => (work.against?.includes(peer.name) ?? true) && peer.words({ url: '', fresh, seconds }) !== null);
  const theirRun = (peer) => runPeer(peer, { url: urlOf(server.target(work.scheme)), fresh, seconds });
  const met = new Map(peers.map((peer) => [peer, []]));
  for (let pair = 0; pair < pairs; pair++) {
    for (const couple of couples(peers)) {
      const order = pair % 2 === 0 ? couple : couple.toReversed();
      const before = await theirRun(order[0]);
      const ours = await ourRun(work, server, seconds);
      met.get(order[0]).push({ ours, theirs: before });
      if (order[1] !== undefined) met.get(order[1]).push({ ours, theirs: await theirRun(order[1]) });
      told(`${work.name}: pair ${pair + 1} of ${pairs}, ${couple.map(({ name }) => name).join(' and ')}`);
    }
  }
  return peers.map((peer) => summary(work, peer, met.get(peer)));
}

/** One run of ours, or what went wrong. */
async function ourRun({ scheme, policy, closeBy }, server, seconds) {
  const job = {
    target: server.target(scheme),
    policy,
    options: { connections: CONNECTIONS, ...(closeBy === undefined ? {} : { closeBy }) },
    pacer: 'closed',
    pacerOptions: { inFlight: CONNECTIONS },
    warmupMs: WARMUP_MS,
    windowMs: seconds * 1000,
  };
  return runScript('load.mjs', job).catch((error) => ({ problem: error.message.split('\n')[0], failures: {} }));
}

function summary(work, peer, runs) {
  const whole = runs.filter(({ ours, theirs }) => ours.problem === undefined && theirs.problem === undefined);
  const line = { work: work.name, peer: peer.name, bar: work.bars[peer.name], failures: failuresOf(runs) };
  if (whole.length === 0) return { ...line, problem: runs[0].ours.problem ?? runs[0].theirs.problem };
  const ratios = whole.map(({ ours, theirs }) => ours.perSecond / theirs.perSecond);
  return {
    ...line,
    ours: median(whole.map(({ ours }) => ours.perSecond)),
    theirs: median(whole.map(({ theirs }) => theirs.perSecond)),
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    oursCpuUs: median(whole.map(({ ours }) => ours.cpuUs)),
    theirsCpuUs: median(whole.map(({ theirs }) => theirs.cpuUs)),
  };
}

function failuresOf(runs) {
  const failures = {};
  for (const { ours } of runs) for (const [kind, count] of Object.entries(ours.failures)) failures[kind] = (failures[kind] ?? 0) + count;
  return failures;
}
