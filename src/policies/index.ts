// The policies: how connections are used. One file a policy, one line here.
export { reused } from './reused.js';
export { fresh } from './fresh.js';
export { resumed } from './resumed.js';
export { capped } from './capped.js';
export { idleGap } from './idle-gap.js';
