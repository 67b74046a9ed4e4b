import type { HostFloor } from '../../src/result/schema.js';

/** A floor as `sameconn selftest` leaves it. */
export const FLOOR: HostFloor = {
  measuredAt: '2026-11-22T10:00:00.000Z',
  ratePerS: 1000,
  bareMs: { p50: 0.064, p99: 0.21 },
  addedMs: { p50: 0.0162, p99: 0.0973 },
  blocks: [{ p50: 0.0162, p99: 0.0973 }, { p50: 0.0121, p99: -0.02 }, { p50: 0.021, p99: 0.311 }],
  lateMs: { count: 6000, min: 0, mean: 0.01, p50: 0.002, p90: 0.01, p99: 0.22, p999: 1.1, max: 3.2 },
};
