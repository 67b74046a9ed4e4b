/** The seam of the commands: what a person can ask for. */
import type { Command as Declaration } from 'commander';
import type { Io } from '../io.js';

/** 0 fine · 1 an expectation failed · 2 the request was wrong · 3 the run cannot be trusted · 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Adds arguments and options to the command of the same name. */
  declare(declaration: Declaration): void;
  run(input: Input, io: Io): Promise<ExitCode>;
}

/** What commander read: arguments in order, options by name. */
export interface Input {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export function defineCommand(command: Command): Command {
  return command;
}
