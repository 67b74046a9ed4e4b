// A program that takes so many connections to an address, says when it has them, and keeps them until its standard input ends.
import { once } from 'node:events';
import { connect } from 'node:net';

const [, , url, count] = process.argv;
const { hostname, port } = new URL(url);
for (let i = 0; i < Number(count); i++) await once(connect(Number(port), hostname), 'connect');
process.stdout.write('ready\n');
process.stdin.resume().on('end', () => process.exit());
