/** What to do about what a probe found, in sentences. Pure. */
import type { ProbeReport } from '../result/probe.js';
import { formatMs } from '../units.js';

type Found = Omit<ProbeReport, 'advice'>;

export function adviceOn(found: Found): string[] {
  return [...onIdle(found), ...onShare(found), ...onAge(found), ...onBackends(found), ...onConditions(found), ...onPipelining(found), ...onTls(found), ...onAddresses(found)];
}

/** What people wait for in production: the idle timeout of an AWS load balancer, and of Google's towards its backends. */
const ORDER = 'A load balancer or proxy in front of it must give up idle connections sooner than the server does (AWS ALB: 60 s, Google: 600 s by default)';

function onIdle({ idle, unused }: Found): string[] {
  const advice: string[] = [];
  if (idle.state === 'closes' && idle.medianMs !== null) {
    const seconds = idle.medianMs / 1000;
    advice.push(`Set the client’s idle timeout below ${safe(seconds)}: the server closes after ${inSeconds(idle.medianMs)} and ${saying(idle)}.`);
    advice.push(`${ORDER}: ${seconds < 60 ? `keep the proxy’s below ${safe(seconds)}, or raise the server’s above the proxy’s` : `its idle timeout belongs below ${safe(seconds)}`}.`);
    const spread = idle.samplesMs.at(-1)! - idle.samplesMs[0]!;
    if (spread > Math.max(500, 0.1 * idle.medianMs)) advice.push(`Idle connections were closed after ${inSeconds(idle.samplesMs[0]!)} to ${inSeconds(idle.samplesMs.at(-1)!)}: several servers, or one that closes them when it needs the room. Go by the shortest.`);
    if (idle.how === 'reset') advice.push('Idle connections end by a reset, not a FIN: something on the way may have dropped them, and a client learns of it only when it writes.');
  }
  if (idle.state === 'stays-open') advice.push(`The server keeps idle connections for ${inSeconds(idle.capMs)} or longer: the client’s own idle timeout decides. Set one (90 s is usual), before a NAT or firewall on the way forgets the connection in silence.`);
  if (idle.state === 'dropped') advice.push(`Idle connections stop working without a word within ${inSeconds(idle.capMs)}: something on the way forgets them. Set the client’s idle timeout low, or turn TCP keep-alive on.`);
  if (unused.state === 'closes' && unused.medianMs !== null && unused.medianMs < 5000) advice.push(`A connection that is opened in advance must be used within ${inSeconds(unused.medianMs)}: do not warm up a pool earlier than that.`);
  return advice;
}

function onShare({ maxRequests: { state, counts, announced } }: Found): string[] {
  const [count = 0] = counts;
  if (state === 'policy' && count === 1) return ['The server ends every connection after one request: nothing is reused, and every request pays for its handshakes. Turn keep-alive on.'];
  if (state === 'policy') {
    return [`A connection carries ${count} requests, and then the server ${announced ? 'says so and closes it' : 'closes it without a word, which costs a client the request that it was about to send'}: at 100 requests/s that is ${perSecond(100 / count)} handshakes a second.`];
  }
  if (state === 'varies') return [`Connections ended after ${counts.join(' and ')} requests: a client must be ready for it at any time.`];
  return [];
}

function onAge({ maxAge: { state, ageMs, announced } }: Found): string[] {
  if (state !== 'closes' || ageMs === null) return [];
  return [`A connection lives ${inSeconds(ageMs)} at most, however busy it is${announced ? '' : ', and ends without a word, which costs a client the request that it was about to send'}: let the client’s own pool renew connections a little earlier.`];
}

function onBackends({ backends: { state } }: Found): string[] {
  return state === 'by-connection' ? ['A connection stays with one of several backends: a few long-lived connections load them unevenly. Renew connections now and then, after a number of requests or at an age.'] : [];
}

function onConditions({ conditions }: Found): string[] {
  const lost = (names: readonly string[]): string[] => conditions.filter(({ name, outcome }) => names.includes(name) && (outcome === 'closed' || outcome === 'no-answer')).map(({ name }) => name);
  const advice: string[] = [];
  const answers = lost(['HEAD', '304 Not Modified', '404 Not Found']);
  const usual = conditions.find(({ name }) => name === 'GET');
  if (answers.length > 0 && usual?.outcome === 'kept') advice.push(`${listed(answers)} cost${answers.length === 1 ? 's' : ''} the connection, and an ordinary GET does not.`);
  const uploads = lost(['POST 100 KiB', 'POST 1 MiB']);
  if (uploads.length > 0) advice.push(`A body that the server does not read (${listed(uploads)}) costs the connection: ask with Expect: 100-continue before large bodies.`);
  const broken = conditions.filter(({ outcome, announced }) => outcome === 'announced-only' && announced !== '');
  if (broken.length > 0) advice.push('The server announces a close and leaves it to the client: a client that waits for the FIN keeps the connection open for nothing. Close it yourself.');
  if (conditions.some(({ name, outcome }) => name === '1.0 + keep-alive' && outcome === 'closed')) advice.push('HTTP/1.0 clients (ab, old proxies: nginx towards its upstreams by default before 1.29.7) get no keep-alive here, even when they ask for it.');
  return advice;
}

function onPipelining({ pipelining: { state } }: Found): string[] {
  if (state === 'serial') return ['Requests on one connection are handled one after another: for work side by side a client needs a connection for each.'];
  if (state === 'first-only' || state === 'refused') return ['Do not pipeline: the server does not answer all of what is sent together.'];
  return [];
}

function onTls({ tls }: Found): string[] {
  if (tls === null) return [];
  const spoken = tls.versions.filter((version) => version.spoken);
  const advice: string[] = [];
  if (spoken.length > 0 && spoken.every(({ resumed }) => resumed !== true)) advice.push('TLS sessions are not resumed: every new connection pays for a full handshake. Turn session tickets on, and share their keys between the servers.');
  if (spoken.some(({ resumed, resumedAgain }) => resumed === true && resumedAgain === false)) advice.push('A session is resumed once only: a client that opens several connections needs as many tickets.');
  if (tls.h2) advice.push('HTTP/2 is offered: a client that speaks it needs one connection for all its requests.');
  return advice;
}

function onAddresses({ addresses }: Found): string[] {
  const advice: string[] = [];
  if (addresses.some(({ resumed }) => resumed === false)) advice.push('A session of one address is not resumed at another: their ticket keys differ, so that a client that moves pays for a full handshake.');
  const silent = addresses.filter(({ failure }) => failure !== '');
  if (silent.length > 0) advice.push(`${listed(silent.map(({ address }) => address))} ${silent.length === 1 ? 'does' : 'do'} not answer: clients that begin there wait for a timeout first.`);
  return advice;
}

function saying({ hintSeconds, medianMs }: Found['idle']): string {
  if (hintSeconds === null || medianMs === null) return 'does not say so';
  const off = medianMs / 1000 - hintSeconds;
  if (off < -0.25) return `promises ${hintSeconds} s (Keep-Alive: timeout=${hintSeconds}), which it does not keep`;
  return off > 0.25 ? `says ${hintSeconds} s (Keep-Alive: timeout=${hintSeconds}), on the safe side` : `says so (Keep-Alive: timeout=${hintSeconds})`;
}

/** A whole second, or a tenth of the time, before the server: for the way there, and for a client's coarse timers. */
function safe(exact: number): string {
  const seconds = Math.round(exact * 10) / 10;
  const margin = seconds - Math.max(1, 0.1 * seconds);
  return margin >= 1 ? `${Math.floor(margin + 0.05)} s` : `${Math.max(100, Math.floor(seconds * 5) * 100)} ms`;
}

export function inSeconds(ms: number): string {
  return ms >= 9_950 ? `${Number((ms / 1000).toFixed(0)) === ms / 1000 ? ms / 1000 : (ms / 1000).toFixed(1)} s` : `${(ms / 1000).toFixed(ms < 950 ? 2 : 1)} s`;
}

function perSecond(value: number): string {
  return formatMs(value);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
