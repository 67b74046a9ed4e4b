import { defineConfig } from 'vitest/config';

// Apart from the everyday tests: these look at the clock, and want a quiet machine.
export default defineConfig({ test: { include: ['test/accuracy/**/*.test.ts'], pool: 'forks', maxWorkers: 1, testTimeout: 120_000 } });
