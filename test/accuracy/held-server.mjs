// A bare server that answers every request after `baseMs`, and holds all that arrive within `stall.forMs` of every `stall.everyMs` until that is over.
// Job as JSON in argv. Says its port; answers each line of its input with the quantiles of its own holding times since the last; ends with its input.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const { baseMs, stall } = JSON.parse(process.argv[2]);
const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok');
const queue = []; // in the order of release: the hold never lets a later one pass
let held = [];
let firstAt;
let waiting = false;

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.setEncoding('latin1').on('error', () => {}).on('data', (text) => {
    const at = performance.now();
    firstAt ??= at;
    const heads = (rest + text).split('\r\n\r\n');
    rest = heads.pop();
    for (const _ of heads) queue.push({ socket, at, due: release(at) });
    if (!waiting) wait();
  });
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address().port)));
createInterface({ input: process.stdin })
  .on('line', () => {
    held.sort((a, b) => a - b);
    console.log(JSON.stringify({ count: held.length, p50: quantile(0.5), p99: quantile(0.99) }));
    held = [];
  })
  .on('close', () => process.exit());

/** The first stall begins half of its period after the first request. */
function release(at) {
  if (stall === undefined) return at + baseMs;
  const phase = (at - firstAt + stall.everyMs / 2) % stall.everyMs;
  return at + baseMs + Math.max(0, stall.forMs - phase);
}

function wait() {
  waiting = true;
  const restMs = queue[0].due - performance.now();
  if (restMs > 2) setTimeout(serve, restMs - 1.5);
  else setImmediate(serve);
}

function serve() {
  for (let now = performance.now(); queue.length > 0 && queue[0].due <= now; now = performance.now()) {
    const { socket, at } = queue.shift();
    socket.write(ANSWER);
    held.push(now - at);
  }
  waiting = false;
  if (queue.length > 0) wait();
}

function quantile(p) {
  return held[Math.max(0, Math.ceil(p * held.length) - 1)] ?? 0;
}
