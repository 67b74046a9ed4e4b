/** The list of witnesses. */
export { go } from './go.js';
export { nginx } from './nginx.js';
export { node } from './node.js';
