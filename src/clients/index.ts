// The clients: who carries out a policy. One file a client, one line here.
export { wire } from './wire/wire.js';
export { undici } from './undici.js';
