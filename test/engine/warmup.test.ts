import { describe, expect, test } from 'vitest';
import { withWarmup } from '../../src/engine/warmup.js';
import { plan, type Plan } from '../../src/scenario/plan.js';
import { scenarioFromUrl, type Flags } from '../../src/scenario/from-url.js';

const MS = 1e6;
const planned = (flags: Flags = {}): Plan => plan(scenarioFromUrl('https://host.test/', { warmup: '500ms', ...flags }), 1, 4);
const warmupMs = ({ scenario }: Plan): number => scenario.load.warmupNs / MS;
const NEAR = { handshakeNs: 2 * MS, serviceNs: MS };
const FAR = { handshakeNs: 400 * MS, serviceNs: 150 * MS };

describe('the warm-up', () => {
  test('is what was asked where the target is near', () => {
    const asked = planned();
    expect(withWarmup(asked, NEAR)).toBe(asked);
    const short = planned({ warmup: '10ms' });
    expect(withWarmup(short, { handshakeNs: 60 * MS, serviceNs: 30 * MS })).toBe(short);
  });

  test('lasts until every connection can have served twice where the target is far, and says so', () => {
    const longer = withWarmup(planned(), FAR);
    expect(warmupMs(longer)).toBe(3 * 400 + 2 * 150);
    expect(longer.notes).toEqual(['The warm-up lasts 1.5s in place of 500ms: opening a connection to the target takes 400ms and an answer 150ms.']);
  });

  test('is the same for every arm and block: the rounds and their seeds are left alone', () => {
    const asked = planned();
    expect(withWarmup(asked, FAR).rounds).toEqual(asked.rounds);
  });

  test('is never lengthened beyond ten seconds', () => {
    expect(warmupMs(withWarmup(planned(), { handshakeNs: 60_000 * MS, serviceNs: 0 }))).toBe(10_000);
  });

  test('is none where none was asked', () => {
    expect(warmupMs(withWarmup(planned({ warmup: '0s' }), FAR))).toBe(0);
  });

  test('is lengthened for any load that stays the same', () => {
    for (const flags of [{ pacer: 'constant' }, { pacer: 'poisson' }]) expect(warmupMs(withWarmup(planned(flags), FAR)), flags.pacer).toBe(1500);
    const scenario = scenarioFromUrl('https://host.test/', { warmup: '500ms' });
    const closed = plan({ ...scenario, load: { ...scenario.load, pacer: 'closed', options: { inFlight: 8 } } }, 1, 4);
    expect(warmupMs(withWarmup(closed, FAR))).toBe(1500);
  });

  test('is left alone where the load rises by the clock, and the plan warns', () => {
    const scenario = scenarioFromUrl('https://host.test/', { warmup: '500ms' });
    const rising = plan({ ...scenario, load: { ...scenario.load, pacer: 'ramp', options: { from: 10, to: 100, over: 10e9 } } }, 1, 4);
    const { notes, ...rest } = withWarmup(rising, FAR);
    expect(warmupMs({ ...rest, notes })).toBe(500);
    expect(notes).toEqual([expect.stringContaining('The warm-up may be too short')]);
  });
});
