import type { HostSettings, ScenarioOrigin } from '../../../result/schema.js';
import { formatCount, formatDuration, formatMs, NS_PER_MS } from '../../../units.js';
import { floorSentence } from '../../floor.js';
import { clip } from '../../text.js';
import { section, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** On what it was measured, and how to measure it again. */
export function environment({ result }: Report): Markup {
  const { run, tool, environment: host, plan } = result;
  const ms = (value: number): string => formatDuration(value * NS_PER_MS);
  return section('environment', 'Environment and reproduction', html`<pre>${clip(run.command.map(quoted).join(' '), 2000)}</pre>
<dl class="copied">
${run.scenario ? scenario(run.scenario) : null}<dt>Seed</dt><dd>${run.seed}: with the same scenario it gives the same arrivals and the same order of rounds</dd>
<dt>Started</dt><dd>${clip(run.startedAt, 40)}, took ${ms(run.durationMs)}${run.complete ? null : ', stopped early'}</dd>
<dt>Versions</dt><dd>${clip(`sameconn ${tool.version}, Node ${tool.node}, undici ${tool.undici}, OpenSSL ${tool.openssl}`, 200)}</dd>
<dt>Host</dt><dd>${clip(host.hostname, 80)}: ${host.cores} cores, ${clip(host.cpu, 120)}, ${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB</dd>
<dt>System</dt><dd>${clip(host.os, 120)}, kernel ${clip(host.kernel, 120)}</dd>
${host.settings ? settings(host.settings) : null}<dt>Floor</dt><dd>${floorSentence(result)}</dd>
<dt>Pacing</dt><dd>${plan.pacing === 'hybrid' ? 'hybrid: a timer to shortly before each instant, then turns' : 'timer: steps of about 1 ms'}</dd>
<dt>Timeouts</dt><dd>connect ${ms(plan.timeoutsMs.connect)}, response ${ms(plan.timeoutsMs.response)}, close ${ms(plan.timeoutsMs.close)}</dd>
</dl>
`);
}

function scenario({ file, sha256, commit }: ScenarioOrigin): Markup {
  return html`<dt>Scenario</dt><dd>${clip(file, 200)}, ${commit === null ? 'in no git repository' : html`in a repository at commit <code>${clip(commit, 64)}</code>`}; SHA-256 of the file <code>${clip(sha256, 64)}</code></dd>
`;
}

function settings({ governors, openFiles, cpuQuota, sysctl }: HostSettings): Markup {
  const limit = (value: number | null): string => (value === null ? 'none told' : formatCount(value));
  return html`<dt>CPU governor</dt><dd>${governors.length === 0 ? 'not told by this system' : clip(governors.join(', '), 120)}${cpuQuota === null ? null : `; quota of ${formatMs(cpuQuota)} cores`}</dd>
<dt>Limits</dt><dd>file descriptors ${limit(openFiles.soft)} (at most ${limit(openFiles.hard)})</dd>
${Object.keys(sysctl).length === 0 ? null : html`<dt>Kernel settings</dt><dd>${Object.entries(sysctl).slice(0, 30).map(([name, value], index) => html`${index > 0 ? html`<br>` : null}<code>${clip(name, 80)} = ${clip(value, 80)}</code>`)}</dd>
`}`;
}

/** A word of a command as a POSIX shell would need it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
