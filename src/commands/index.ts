// The commands: what a person can ask for. One file a command, one line here.
export { run } from './run.js';
export { ask } from './ask.js';
export { probe } from './probe.js';
export { watch } from './watch.js';
export { report } from './report.js';
export { compare } from './compare.js';
export { init } from './init.js';
export { demo } from './demo.js';
export { selftest } from './selftest.js';
