import { section } from '../report.js';
import { html, type Markup } from '../template.js';

/** The words of the report, and what it cannot say. */
export function reading(): Markup {
  return section('reading', 'How to read this', html`<dl>
${GLOSSARY.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>
`)}</dl>
<h3>Limits</h3>
<ul class="plain">
${LIMITS.map((limit) => html`<li>${limit}</li>
`)}</ul>
`);
}

const GLOSSARY = [
  ['Arm', 'One way of using connections (a policy) carried out by one client. Arms take turns, so that what drifts touches all of them.'],
  ['Round, block', 'A round is one arm under load for one window. A block holds rounds of every arm; a difference is taken block by block.'],
  ['Response', 'From the instant a request was due until its last byte. It contains all that follows: late + wait + service.'],
  ['Late', 'From due to dispatched: the load generator’s own fault, shown so that it cannot hide in the result.'],
  ['Wait', 'From dispatched to sent: getting a connection, with its TCP and TLS handshakes if there are any. Here reuse shows.'],
  ['Service', 'From sent to the last byte: the network and the server.'],
  ['p99', '99 of 100 requests took this long or less. Near the end of a curve few samples are left; there it is dotted.'],
  ['Handshakes per 100', 'TCP connections opened in the measured windows for every 100 completed requests. Perfect reuse: near 0. None: 100.'],
  ['Full, resumed', 'A full TLS handshake proves the server’s identity anew; a resumed one builds on an earlier session and costs less.'],
  ['Promise', 'How many connections and handshakes a policy must come to. If it did not hold, the arm is not what its name says.'],
  ['Interval, margin', 'Where the true difference plausibly lies; and below which difference nobody should care. Only intervals beyond the margin are called faster or slower.'],
  ['Shed, aborted', 'Requests that were due but did not leave: too many were in flight (shed), or no connection could be had (aborted). Always counted.'],
] as const;

const LIMITS = [
  'One client host, one target, one stretch of time: another network path, another load or another day may differ.',
  'When client and server share a machine, the handshake work of both competes for the same cores; fresh connections then look dearer than over a network, where round trips count more.',
  'A quantile with fewer than 20 samples beyond it (marked ~, dotted) is an anecdote.',
  'Latencies are those of completed requests. Where requests failed or were shed, the rest may be the lucky ones.',
  'Connections open at one instant are summed over workers, whose peaks need not coincide: an upper bound.',
  'Histograms keep three digits: times are true within 0.1 %, or 64 ns below 131 µs.',
] as const;
