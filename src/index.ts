/** The same abilities as a library: load, plan, run, analyze, render. */
export { analyze } from './analysis/analyze.js';
export { choose, defineClosedPacer, defineOpenPacer, definePolicy } from './define.js';
export type { ConnectionRules, Ns, Pacer, PerSecond, Policy } from './define.js';
export { run } from './engine/run.js';
export * as reporters from './reporters/index.js';
export { readJournal } from './result/journal.js';
export { readResult } from './result/read.js';
export type { Result, RoundResult } from './result/schema.js';
export { loadScenario } from './scenario/load.js';
export { plan } from './scenario/plan.js';
export type { Scenario } from './scenario/scenario.js';
