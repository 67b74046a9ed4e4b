/** The page: its head, the first screen, and the sections in the order in which a reviewer asks. */
import type { Result } from '../../result/schema.js';
import { clip, legible, mapStrings } from '../text.js';
import { verdictWords } from '../words.js';
import { markDefinitions } from './marks.js';
import { reportOf } from './report.js';
import { compared } from './sections/compared.js';
import { connections } from './sections/connections.js';
import { environment } from './sections/environment.js';
import { errors } from './sections/errors.js';
import { expectations } from './sections/expectations.js';
import { fairness } from './sections/fairness.js';
import { firstScreen, masthead } from './sections/first-screen.js';
import { latency } from './sections/latency.js';
import { reading } from './sections/reading.js';
import { rounds } from './sections/rounds.js';
import { css, styleHash } from './style.js';
import { html, raw } from './template.js';

/** The whole report as one HTML file. */
export function page(written: Result): string {
  const result = mapStrings(written, legible);
  const report = reportOf(result);
  const links = SECTIONS.filter(({ id }) => id !== 'expectations' || result.expectations.length > 0);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${raw(styleHash)}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="sameconn ${clip(result.tool.version, 30)}">
<title>${`${clip(result.run.name, 80)}: ${verdictWords[result.verdict.state].text.toLowerCase()} – sameconn`}</title>
<link rel="icon" href="data:,">
<style>${raw(css)}</style>
</head>
<body>
${markDefinitions()}
<a class="skip" href="#main">Skip to the report</a>
${masthead(report)}<main id="main">
${firstScreen(report)}<nav aria-label="Sections"><ul>${links.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${links.map(({ draw }) => draw(report))}</main>
<footer>sameconn ${clip(result.tool.version, 30)} · result format ${result.schemaVersion} · run ${clip(result.run.id, 60)} · this file holds everything it needs: no script, no network</footer>
</body>
</html>
`.text;
}

const SECTIONS = [
  { id: 'expectations', title: 'Expectations', draw: expectations },
  { id: 'compared', title: 'What was compared', draw: compared },
  { id: 'latency', title: 'Latency', draw: latency },
  { id: 'connections', title: 'Connections', draw: connections },
  { id: 'fairness', title: 'Fairness', draw: fairness },
  { id: 'errors', title: 'Errors', draw: errors },
  { id: 'rounds', title: 'Rounds', draw: rounds },
  { id: 'environment', title: 'Environment', draw: environment },
  { id: 'reading', title: 'How to read this', draw: reading },
] as const;
