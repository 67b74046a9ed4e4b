import { dirname, join } from 'node:path';
import { RequestError } from '../errors.js';
import { scenarioJsonSchema } from '../scenario/publish-schema.js';
import { scenarioTemplate } from '../scenario/template.js';
import { defineCommand } from './command.js';

/** Writes a commented scenario to start from, and the schema that its first line names. */
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
    const schema = join(dirname(file), 'scenario.schema.json');
    io.writeFile(file, scenarioTemplate(url));
    io.writeFile(schema, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
    io.stdout(`${file} is written, and ${schema} beside it, for editors. Edit it, then: sameconn run ${file}\n`);
    return 0;
  },
});
