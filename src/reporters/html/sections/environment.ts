import { formatDuration, NS_PER_MS } from '../../../units.js';
import { floorSentence } from '../../floor.js';
import { clip } from '../../text.js';
import { section, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** On what it was measured, and how to measure it again. */
export function environment({ result }: Report): Markup {
  const { run, tool, environment: host, plan } = result;
  const ms = (value: number): string => formatDuration(value * NS_PER_MS);
  return section('environment', 'Environment and reproduction', html`<pre>${clip(run.command.map(quoted).join(' '), 2000)}</pre>
<dl>
<dt>Seed</dt><dd>${run.seed}: with the same scenario it gives the same arrivals and the same order of rounds</dd>
<dt>Started</dt><dd>${clip(run.startedAt, 40)}, took ${ms(run.durationMs)}${run.complete ? null : ', stopped early'}</dd>
<dt>Versions</dt><dd>${clip(`sameconn ${tool.version}, Node ${tool.node}, undici ${tool.undici}, OpenSSL ${tool.openssl}`, 200)}</dd>
<dt>Host</dt><dd>${clip(host.hostname, 80)}: ${host.cores} cores, ${clip(host.cpu, 120)}, ${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB</dd>
<dt>System</dt><dd>${clip(host.os, 120)}, kernel ${clip(host.kernel, 120)}</dd>
<dt>Floor</dt><dd>${floorSentence(result)}</dd>
<dt>Pacing</dt><dd>${plan.pacing === 'hybrid' ? 'hybrid: a timer to shortly before each instant, then turns' : 'timer: steps of about 1 ms'}</dd>
<dt>Timeouts</dt><dd>connect ${ms(plan.timeoutsMs.connect)}, response ${ms(plan.timeoutsMs.response)}, close ${ms(plan.timeoutsMs.close)}</dd>
</dl>
`);
}

/** A word of a command as a POSIX shell would need it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
