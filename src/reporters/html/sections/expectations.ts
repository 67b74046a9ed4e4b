import { expectationWords } from '../../words.js';
import { section, tableView, type Report } from '../report.js';
import { row } from '../../table.js';
import { clip } from '../../text.js';
import type { Markup } from '../template.js';

/** What the scenario expected, and whether it came true. */
export function expectations(report: Report): Markup {
  const outcomes = report.result.expectations;
  const failed = outcomes.filter((outcome) => outcome.state !== 'met').length;
  return section('expectations', 'Expectations', tableView({
    caption: failed === 0 ? `all ${outcomes.length} were met` : `${failed} of ${outcomes.length} were not met`,
    columns: [{ label: 'expected', align: 'text' }, { label: 'outcome', align: 'text' }, { label: 'measured', align: 'text' }],
    rows: outcomes.map(({ text, state, detail }) => row(clip(text, 200), expectationWords[state], clip(detail, 300))),
  }, report));
}
