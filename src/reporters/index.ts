// The reporters: how a result is shown. One file a reporter, one line here.
export { terminal } from './terminal.js';
export { json } from './json.js';
export { markdown } from './markdown.js';
export { html } from './html.js';
