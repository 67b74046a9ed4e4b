/** The program made of the commands. Errors become exit codes here and nowhere else. */
import { availableParallelism } from 'node:os';
import { Command as Program, CommanderError } from 'commander';
import * as commands from './commands/index.js';
import type { ExitCode } from './commands/command.js';
import { RequestError, TrustError } from './errors.js';
import { processIo, type Io } from './io.js';
import { toolVersion } from './version.js';

/** @param argv the words after the program's name */
export async function main(argv: readonly string[], io: Io = processIo(argv, availableParallelism())): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Program('sameconn')
    .description('Do these requests use the same connection, and what does it cost when they don’t?')
    .version(toolVersion)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) })
    .showHelpAfterError('(sameconn --help, or sameconn <command> --help, tells more)');
  for (const command of Object.values(commands)) {
    const declaration = program.command(command.name).description(command.summary).exitOverride();
    command.declare(declaration);
    declaration.action(async () => {
      exitCode = await command.run({ args: declaration.args, options: declaration.opts() }, io);
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, io);
  }
}

function explain(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has already said what is wrong
  if (error instanceof RequestError) {
    io.stderr(`sameconn: ${error.message}\n`);
    return 2;
  }
  if (error instanceof TrustError) {
    io.stderr(`sameconn: ${error.message}\n`);
    return 3;
  }
  if (isFileError(error)) {
    io.stderr(`sameconn: ${error.message}; choose another place with --out\n`);
    return 2;
  }
  io.stderr(`sameconn: this is a bug of sameconn, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 3;
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
