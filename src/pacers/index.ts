// The pacers: when requests leave. One file a pacer, one line here.
export { poisson } from './poisson.js';
export { constant } from './constant.js';
export { ramp } from './ramp.js';
export { steps } from './steps.js';
export { closed } from './closed.js';
