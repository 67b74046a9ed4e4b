// The reporters: how a result is shown. One file a reporter, one line here.
export { terminal } from './terminal.js';
export { json } from './json.js';
export { markdown } from './markdown.js';
export { html } from './html.js';
export { junit } from './junit.js';
export { csv } from './csv.js';
export { hgrm } from './hgrm.js';
export { hlog } from './hlog.js';
