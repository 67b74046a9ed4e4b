import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli.js';
import * as commands from '../../src/commands/index.js';
import { fakeIo } from '../fakes/io.js';

/** A folder that cannot be written: nothing may run. */
function unwritable(path: string): never {
  throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT', syscall: 'open', path });
}

const say = async (...argv: string[]) => {
  const io = fakeIo({ argv, openLog: unwritable, writeFile: unwritable });
  return { code: await main(argv, io), ...io.said };
};

describe.each(Object.values(commands).map((command) => [command.name, command] as const))('the %s command', (name, command) => {
  test('explains itself', async () => {
    const { code, stdout } = await say(name, '--help');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Usage: sameconn ${name}`)]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(command.summary);
  });

  test('is named by the program’s own help', async () => {
    const { stdout } = await say('--help');
    expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test('ends with exit code 2 and a word on stderr when an option is unknown', async () => {
    const { code, stdout, stderr } = await say(name, '--no-such-option');
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('--no-such-option')]);
  });

  test('says one thing only for a wrong flag or a file that is not there, without a stack', async () => {
    const { code, stderr } = await say(name, ...(name === 'demo' ? ['--client', 'nobody'] : ['there/is/no.file']));
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
