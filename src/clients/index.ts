// The clients: who carries out a policy. One file a client, one line here.
export { undici } from './undici.js';
