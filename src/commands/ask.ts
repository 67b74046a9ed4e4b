import { ask as askThem } from '../ask/ask.js';
import { answerText } from '../ask/text.js';
import { ownClock } from '../measure/clock.js';
import { scenarioFromUrl } from '../scenario/from-url.js';
import { NS_PER_MS } from '../units.js';
import { defineCommand } from './command.js';
import { countOption, declareTarget, durationOption, targetFlags } from './target-flags.js';

/** After the last response the connections are watched so long: a close that comes at once is seen. */
const WATCH_NS = 250 * NS_PER_MS;

/** Do these requests use the same connection, and if not, why not? Ends with 0 for yes and 1 for no. */
export const ask = defineCommand({
  name: 'ask',
  summary: 'do these requests use the same TCP connection? yes or no, and why',
  declare: (declaration) => {
    declaration
      .argument('<url...>', 'asked in turn; one alone is asked twice')
      .option('--gap <time>', 'pause between two requests, like 5s', '0s')
      .option('--repeat <n>', 'how often all of them are asked (default: 1, and 2 for one URL)');
    declareTarget(declaration);
    declaration.option('--json', 'print only the answer’s JSON on stdout').option('--quiet', 'print nothing: the exit code is the answer');
  },
  async run({ args: urls, options }, io) {
    const gapNs = durationOption(options, 'gap');
    const repeat = options['repeat'] === undefined ? (urls.length > 1 ? 1 : 2) : countOption(options, 'repeat', 'repeat', 1, 10_000);
    const flags = targetFlags(options, io);
    const targets = urls.map((url) => scenarioFromUrl(url, flags));
    const answer = await askThem({ targets, repeat, gapNs, watchNs: WATCH_NS }, ownClock());
    if (options['json'] === true) io.stdout(`${JSON.stringify(answer, null, 2)}\n`);
    else if (options['quiet'] !== true) io.stdout(answerText(answer, io.style));
    return answer.same ? 0 : 1;
  },
});
