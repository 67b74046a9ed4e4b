/** The page's one style sheet. Every colour is a variable: light, dark, print and forced colours change the variables and nothing else. */
import { createHash } from 'node:crypto';
import { PHASES } from './charts/phases.js';
import { ARM_COLORS } from './marks.js';

const DARK_PHASES: Readonly<Record<(typeof PHASES)[number]['name'], string>> = { late: '#aab4c0', connect: '#b7a3ee', tls: '#e6a3e0', queue: '#e3b664', service: '#6fcfd2' };

const variables = (shade: 'light' | 'dark'): string =>
  [...ARM_COLORS.map((color, index) => `--arm-${index}:${color[shade]}`), ...PHASES.map(({ name, color }) => `--phase-${name}:${shade === 'light' ? color : DARK_PHASES[name]}`)].join(';');

const LIGHT = `color-scheme:light;--page:#f4f6f8;--card:#ffffff;--ink:#17202b;--soft:#4b5867;--line:#d9dee5;--band:#f1f4f7;--axis:#8a96a3;
--margin:#dfe5ec;--link:#005a8c;--good:#0b6b4c;--bad:#a8281f;--doubt:#7d5200;--on-phase:#ffffff;--hatch:#ffffff;
--shadow:0 1px 2px rgb(23 32 43/.06),0 4px 16px rgb(23 32 43/.05);${variables('light')}`;
const DARK = `color-scheme:dark;--page:#0f1419;--card:#171e26;--ink:#e8edf2;--soft:#a9b5c2;--line:#2c3743;--band:#1c252f;--axis:#7c8996;
--margin:#314050;--link:#7cc4f2;--good:#5fd0a5;--bad:#ff9a8f;--doubt:#f0c05a;--on-phase:#0f1419;--hatch:#0f1419;--shadow:none;${variables('dark')}`;
const SYSTEM = `--page:Canvas;--card:Canvas;--ink:CanvasText;--soft:CanvasText;--line:GrayText;--band:Canvas;--axis:CanvasText;
--margin:GrayText;--link:LinkText;--good:CanvasText;--bad:CanvasText;--doubt:CanvasText;--on-phase:Canvas;--hatch:Canvas;--shadow:none;
${[...ARM_COLORS.map((_, index) => `--arm-${index}`), ...PHASES.map(({ name }) => `--phase-${name}`)].map((name) => `${name}:CanvasText`).join(';')}`;

const marks = [
  ...ARM_COLORS.map((_, index) => {
    const [arm, color] = [`.arm-${index}`, `var(--arm-${index})`];
    return `${arm}.line{stroke:${color}}${arm}.solid{fill:${color}}${arm}.hollow{stroke:${color};fill:var(--card)}`;
  }),
  ...PHASES.map(({ name }) => `.phase-${name}{fill:var(--phase-${name})}`),
  '.connect-line{stroke:var(--phase-connect)}',
].join('\n');

export const css = `:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media (forced-colors:active){:root{${SYSTEM}}svg{forced-color-adjust:none}.margin{fill-opacity:.35}.state,.verdict{border-color:CanvasText}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:400 1rem/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:61.5rem;margin-inline:auto;padding-inline:1.5rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--card);z-index:1}
h1,h2,h3{line-height:1.2;letter-spacing:-.012em;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:1.5rem;font-weight:680;margin:.1rem 0 .15rem}
h2{font-size:1.3rem;font-weight:650;margin:0 0 .75rem}
h3{font-size:1rem;font-weight:650;margin:2rem 0 .5rem}
p{margin:0 0 .75rem;max-width:46rem;overflow-wrap:anywhere}li{overflow-wrap:anywhere}
header{padding-top:.8rem}
.definitions{position:absolute}
.eyebrow{display:flex;gap:.55rem;align-items:center;margin:0;max-width:none;font-size:.82rem;font-weight:600;color:var(--soft);letter-spacing:.01em}
.eyebrow svg{flex:none}.eyebrow time{margin-left:auto;font-weight:400}
.target{color:var(--soft);margin-bottom:.6rem;max-width:none;font-size:.92rem}
.target code{color:var(--ink)}
nav ul{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;list-style:none;margin:0 .3rem 1.25rem;padding:0;font-size:.875rem}
nav a{display:inline-block;min-height:1.6rem;padding:.15rem 0;text-decoration:none;color:var(--soft)}nav a:hover{color:var(--link);text-decoration:underline}
section,.first{background:var(--card);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow);padding:1.5rem 1.75rem 1.25rem;margin:0 0 1.25rem}
.first{padding:1rem 1.25rem .6rem}.first figure{margin:.6rem 0 0}.first figcaption{margin:0 0 .3rem;max-width:none}.first figcaption span{display:inline;margin-left:.4rem}.first details{margin:.1rem 0}
.verdict{border-left:6px solid var(--soft);background:var(--band);border-radius:8px;padding:.55rem 1rem;margin:0 0 .6rem}
.verdict.good{border-color:var(--good)}.verdict.bad{border-color:var(--bad)}.verdict.doubt{border-color:var(--doubt)}
.verdict p{margin:.1rem 0 0;font-size:1.02rem;line-height:1.4;max-width:none}
.verdict details{margin:0}.verdict details[open]>summary{margin:0}.verdict summary{color:inherit;text-decoration:underline;text-underline-offset:.15em}
.verdict .word{font-size:.95rem;font-weight:750;letter-spacing:.045em;margin:0}
.verdict .word span{font-weight:600;letter-spacing:0}.verdict.good .word{color:var(--good)}.verdict.bad .word{color:var(--bad)}.verdict.doubt .word{color:var(--doubt)}
.verdict.untrusted{border-color:var(--soft);background:repeating-linear-gradient(135deg,var(--band) 0 12px,var(--margin) 12px 14px)}
.partial{border:2px solid var(--doubt);border-radius:8px;padding:.5rem 1rem;max-width:none}
.trust{color:var(--soft);font-size:.9rem;margin:.3rem 0 0;max-width:none}.trust strong{color:var(--ink)}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.4}
caption{text-align:left;color:var(--soft);font-size:.86rem;padding:0 0 .45rem}caption span{position:sticky;left:0;display:inline-block;max-width:min(46rem,calc(100vw - 4.2rem))}
th,td{text-align:left;vertical-align:top;padding:.27rem .7rem;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:break-word}
th:first-child,td:first-child{padding-left:.2rem}th:last-child,td:last-child{padding-right:.2rem}
thead>tr>*{color:var(--soft);font-weight:600;vertical-align:bottom;border-bottom:1.5px solid var(--axis);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
tr.part th{padding-left:1.4rem;color:var(--soft)}tr.heading th{font-weight:650;padding-top:.8rem}tr.part>*,tr.heading>*{border-bottom-color:color-mix(in srgb,var(--line) 55%,var(--card))}
a.more{display:inline-block;min-width:1.5rem;min-height:1.5rem}
.number,.numbers td{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
#fairness .number{white-space:normal}#fairness .state{white-space:nowrap}#fairness td:nth-child(5){min-width:16rem}
.scroll{overflow-x:auto;margin:0 0 .75rem}
.scroll table{min-width:min(100%,22rem)}
.glance th{font-weight:600}.glance thead th{font-size:.82rem;white-space:normal}.glance small{white-space:nowrap}
.glance td,.glance tbody th{vertical-align:middle;padding-block:.16rem}
.glance .big{display:inline-block;min-width:4.4rem;font-size:1.3rem;font-weight:680;letter-spacing:-.02em;line-height:1.15}
.glance .arm{white-space:normal}.glance bdi{max-width:11rem;overflow:hidden;overflow-wrap:break-word;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
.glance small{color:var(--soft);font-size:.8rem;line-height:1.2;margin-left:.6rem}.first .scroll{margin-bottom:.3rem}.first .note{margin:0}
.glance .meter{display:inline-block;vertical-align:.1em}
.arm{display:inline-flex;gap:.45rem;align-items:center;white-space:nowrap}
.keys .arm,.arms .arm{max-width:100%;white-space:normal}.keys bdi,.arms bdi{min-width:0;overflow-wrap:anywhere}
.number .arm{justify-content:flex-end}.key{flex:none}
.keys{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:.2rem 0 .6rem;font-size:.86rem;max-width:none}
.phases span{display:inline-flex;gap:.4rem;align-items:center}
.state{font-weight:600}.state.good{color:var(--good)}.state.bad{color:var(--bad)}.state.doubt{color:var(--doubt)}.state.soft{color:var(--soft);font-weight:400}
.note{color:var(--soft);font-size:.86rem}
figure{margin:1.1rem 0 1.4rem}figure:last-child{margin-bottom:0}
figcaption{margin:0 0 .7rem;max-width:50rem;overflow-wrap:anywhere}figcaption span{color:var(--soft);display:block;font-size:.92rem}
.drawing svg{display:block;width:100%;height:auto;font-family:inherit}
.drawing.narrow svg{max-width:28rem;margin-inline:auto}
svg text{font-variant-numeric:tabular-nums}
.drawn{fill:var(--soft)}.ink{fill:var(--ink)}
.grid{stroke:var(--line)}.axis{stroke:var(--axis)}.leader{stroke:var(--axis);stroke-opacity:.7}
.band{fill:var(--band)}.margin{fill:var(--margin)}.on-phase{fill:var(--on-phase)}.hatch{stroke:var(--hatch)}
${marks}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--link);font-size:.88rem;padding:.2rem 0;min-height:1.5rem;width:fit-content}
details[open]>summary{margin-bottom:.5rem}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.35rem 1.5rem;margin:0}
dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere;max-width:46rem}
code,pre{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
pre{white-space:pre-wrap;background:var(--band);border-radius:6px;padding:.6rem .8rem;margin:0 0 1rem}
ul.plain{margin:0 0 .75rem;padding-left:1.2rem;max-width:48rem}ul.plain li{margin:.2rem 0}
ul.arms{list-style:none;padding:0;margin:0 0 1.1rem;max-width:54rem}ul.arms li{margin:.35rem 0;overflow-wrap:anywhere}ul.arms .arm{font-weight:600;margin-right:.3rem}
button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
.tool{color:var(--link);font-size:.82rem;min-height:1.5rem;padding:.15rem .5rem .15rem 0;margin:-.4rem 0 .6rem}dl+.tool{margin-top:.3rem}.first>.tool{float:right;margin:0 0 0 1rem;padding-right:0}.tool:hover{text-decoration:underline}
.sort{font-weight:600;text-align:inherit;min-height:1.5rem;white-space:inherit}.sort:hover{color:var(--link)}
[aria-sort=ascending] .sort::after{content:" ↑"}[aria-sort=descending] .sort::after{content:" ↓"}
footer{color:var(--soft);font-size:.82rem;padding-block:.25rem 2.5rem}
@media (max-width:40rem){
main,header,footer{padding-inline:.85rem}
section,.first{padding:1rem .95rem .8rem;border-radius:10px}.first{padding:.7rem .8rem .5rem}header{padding-top:.5rem}.trust{font-size:.82rem;line-height:1.4}.first .note{font-size:.78rem}.target{font-size:.82rem;margin-bottom:.4rem}
h1{font-size:1.25rem;overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}.verdict{padding:.45rem .7rem}.verdict p{font-size:.92rem;line-height:1.35}
.drawing.wide{display:none}.drawing.narrow[hidden]{display:block}
th,td{padding-inline:.35rem}table{font-size:.86rem}.glance :is(.meter,.key,.optional,.state>span){display:none}
thead th,.glance thead th{white-space:normal;font-size:.78rem}.glance{font-size:.78rem}.glance :is(th,td){padding-inline:.14rem}.glance thead th{font-size:.72rem;line-height:1.3}.glance .big{font-size:1.15rem;min-width:0}.glance bdi{max-width:4rem}.first figcaption,.partial{font-size:.86rem}.partial{padding:.35rem .7rem}
.number .arm{flex-direction:column;align-items:flex-end;gap:.15rem}tr.part th{padding-left:.8rem}
.eyebrow time{display:none}
dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .6rem}
}
@media print{
:root{${LIGHT};--page:#ffffff;--shadow:none}
@page{margin:14mm}
html{font-size:10pt}nav,.skip{display:none}
main,header,footer{max-width:none;padding-inline:0}
section,.first{border:0;border-radius:0;padding:0;margin-bottom:1.4rem}
figure,tr,.verdict,dl>*{break-inside:avoid}h2,h3,caption,figcaption{break-after:avoid}
.scroll{overflow:visible}summary,.tool{display:none!important}
table,.glance thead th{font-size:8pt}th,td{padding:.12rem .3rem;overflow-wrap:anywhere}thead th:not(:has(bdi)){overflow-wrap:break-word}tbody th{min-width:7em}td:has(.state){min-width:5.6em}thead th,.number,.numbers td,.arm{white-space:normal}.scroll table{min-width:0}
details:not([open])>:not(summary){display:block}details::details-content{content-visibility:visible;block-size:auto}
.drawing.wide{display:block}.drawing.narrow[hidden]{display:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;

/** What the page's Content-Security-Policy allows: this style sheet and nothing else. */
export const styleHash = `sha256-${createHash('sha256').update(css).digest('base64')}`;
