import { redactUrl } from '../engine/redact.js';
import { RequestError } from '../errors.js';
import { ownClock } from '../measure/clock.js';
import { ABSENT, POLITE, probe as probeServer } from '../probe/probe.js';
import { probeText } from '../reporters/probe.js';
import { DEFAULTS } from '../scenario/defaults.js';
import { scenarioFromUrl } from '../scenario/from-url.js';
import { formatDuration, NS_PER_S } from '../units.js';
import { defineCommand } from './command.js';
import { countOption, declareTarget, durationOption, targetFlags } from './target-flags.js';

/** What a probe takes besides its longest wait: some forty connections, a few at a time. */
const BESIDES_S = 10;

/** The server's keep-alive contract, measured. Ends with 0 whatever the contract is. */
export const probe = defineCommand({
  name: 'probe',
  summary: 'the server’s keep-alive contract: timeouts, limits, what ends a connection',
  declare: (declaration) => {
    declaration
      .argument('<url>', `what to ask for with GET and HEAD; bodies of POST, 1 MiB at most, go to ${ABSENT}`)
      .option('--cap <time>', 'how long an idle connection is waited for', formatDuration(DEFAULTS.probeCapNs))
      .option('--max-requests <n>', 'most requests on one connection', String(DEFAULTS.probeMaxRequests))
      .option('--slow <path>', 'a path that takes 50 ms or more, to tell serial from concurrent handling')
      .option('--bad-request', 'also send one request that is not HTTP: does its 400 cost the connection?');
    declareTarget(declaration);
    declaration.option('--json', 'print only the report’s JSON on stdout').option('--quiet', 'print nothing but errors');
  },
  async run({ args: [url = ''], options }, io) {
    const capNs = durationOption(options, 'cap');
    const maxRequests = countOption(options, 'max-requests', 'maxRequests', 1, 1_000_000);
    const slowPath = slowOption(options['slow'], url);
    const scenario = scenarioFromUrl(url, targetFlags(options, io));
    const quiet = options['quiet'] === true;
    const longestS = Math.ceil(Math.max(capNs / NS_PER_S, (3 * maxRequests) / POLITE.requestsPerSecond) + BESIDES_S);
    if (!quiet) io.stderr(`probing ${redactUrl(scenario.target.url)}: up to about ${longestS} s, at most ${POLITE.connections} connections and ${POLITE.requestsPerSecond} requests/s\n`);
    const report = await probeServer(scenario, { capNs, maxRequests, slowPath, badRequest: options['badRequest'] === true, limits: POLITE }, ownClock());
    if (options['json'] === true) io.stdout(`${JSON.stringify(report, null, 2)}\n`);
    else if (!quiet) io.stdout(probeText(report, io.style));
    return 0;
  },
});

function slowOption(given: unknown, url: string): string {
  if (given === undefined) return '';
  const base = URL.canParse(url) ? new URL(url) : new URL('http://localhost/');
  const slow = URL.canParse(String(given), base.href) ? new URL(String(given), base) : undefined;
  if (slow?.origin !== base.origin) throw new RequestError(`--slow: ${String(given)} leads away from ${base.origin}`, 'write a path like /slow');
  return slow.pathname + slow.search;
}
