/** The frame of every page: a head that allows the page's own style and script and nothing else, and the marks that drawings refer to. */
import { clip } from '../text.js';
import { markDefinitions } from './marks.js';
import { script, scriptHash } from './script.js';
import { css, styleHash } from './style.js';
import { html, raw, type Fragment } from './template.js';

/** A whole HTML file. @param version of the program that measured, for the head */
export function frame({ title, version }: { readonly title: string; readonly version: string }, ...body: readonly Fragment[]): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${raw(styleHash)}'; script-src '${raw(scriptHash)}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="sameconn ${clip(version, 30)}">
<title>${`${title} – sameconn`}</title>
<link rel="icon" href="data:,">
<style>${raw(css)}</style>
</head>
<body>
${markDefinitions()}
<a class="skip" href="#main">Skip to the report</a>
${body}<script>${raw(script)}</script>
</body>
</html>
`.text;
}
