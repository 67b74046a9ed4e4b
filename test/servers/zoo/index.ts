/** The list of misbehaving servers. */
export * from './announcing.js';
export * from './doorstep.js';
export * from './flight.js';
export * from './framing.js';
export * from './nonsense.js';
export * from './patience.js';
export * from './tls.js';
