/** The yardstick for pacing: a loop that sends nothing and only looks at the clock. What it is late, no program on this core can be ahead of. */
import { quantile } from './numbers.mjs';

const { rate, warmupMs, windowMs } = JSON.parse(process.argv[2]);
const all = Math.round((rate * (warmupMs + windowMs)) / 1000);
const lateUs = new Float64Array(all);
const started = performance.now() + 10;

for (let sent = 0; sent < all; ) {
  const nowMs = performance.now() - started;
  for (let dueMs = ((sent + 0.5) / rate) * 1000; sent < all && dueMs <= nowMs; dueMs = ((sent + 0.5) / rate) * 1000) lateUs[sent++] = (nowMs - dueMs) * 1000;
}

const measured = lateUs.slice(Math.round((rate * warmupMs) / 1000)).sort();
console.log(JSON.stringify({ late: { p50: quantile(measured, 0.5), p99: quantile(measured, 0.99), p999: quantile(measured, 0.999) } }));
