/** Where a run took place: facts for the report, none of them secret. */
import os from 'node:os';
import type { RunRecord } from '../result/schema.js';

export function environment(): Omit<RunRecord['environment'], 'floor'> {
  return {
    os: `${os.type()} ${os.arch()}`,
    kernel: os.release(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    hostname: os.hostname(),
  };
}
