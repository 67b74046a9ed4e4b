import { RequestError } from '../errors.js';
import { scenarioTemplate } from '../scenario/template.js';
import { defineCommand } from './command.js';

/** Writes a commented scenario to start from. */
export const init = defineCommand({
  name: 'init',
  summary: 'write a commented scenario to start from',
  declare: (declaration) => {
    declaration.argument('[file]', 'where to write it', 'scenario.yaml').option('--url <url>', 'the target', 'https://staging.example.com/').option('--force', 'replace a file that is there');
  },
  async run({ args: [file = 'scenario.yaml'], options }, io) {
    if (io.exists(file) && options['force'] !== true) throw new RequestError(`${file} is there already`, 'name another file, or replace it with --force');
    const url = String(options['url']);
    if (!URL.canParse(url) || !/^https?:/i.test(url)) throw new RequestError(`--url: ${url} is not an http or https URL`, 'write one like https://staging.example.com/');
    io.writeFile(file, scenarioTemplate(url));
    io.stdout(`${file} is written. Edit it, then: sameconn run ${file}\n`);
    return 0;
  },
});
