/** The tables that the bench prints, in Markdown, so that they can be pasted where people read them. */

export function ratioTable(lines) {
  const measured = lines.filter(({ problem }) => problem === undefined);
  const head = ['work', 'peer', 'ours /s', 'theirs /s', 'ratio', 'spread', 'bar', '', 'µs CPU ours', 'theirs', 'our failures'];
  return [table(head, measured.map(ratioCells)), ...problems(lines, ({ work, peer }) => `${work} against ${peer}`)].join('\n');
}

export function costTable(lines) {
  const measured = lines.filter(({ problem }) => problem === undefined);
  return [table(['cost', 'median', 'spread', 'bar', ''], measured.map(costCells)), ...problems(lines, ({ name }) => name)].join('\n');
}

function ratioCells({ work, peer, ours, theirs, ratio, spread, bar, oursCpuUs, theirsCpuUs, failures }) {
  const judged = bar === undefined ? ['', ''] : [`≥ ${bar}`, mark(ratio >= bar)];
  return [work, peer, count(ours), count(theirs), ratio.toFixed(2), range(spread), ...judged, oursCpuUs.toFixed(1), theirsCpuUs.toFixed(1), kinds(failures)];
}

function costCells({ name, figure, spread, unit, bar, least = false }) {
  const judged = bar === undefined ? ['', ''] : [`${least ? '≥' : '≤'} ${amount(bar, unit)}`, mark(least ? figure >= bar : figure <= bar)];
  return [name, amount(figure, unit), range(spread), ...judged];
}

/** What could not be measured, a line each below the table. */
function problems(lines, subject) {
  return lines.filter(({ problem }) => problem !== undefined).map((line) => `No figure for ${subject(line)}: ${line.problem}.`);
}

function table(head, rows) {
  const cells = [head, head.map(() => '-'), ...rows.map((row) => head.map((_, column) => row[column] ?? ''))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row, index) => `| ${row.map((cell, column) => cell.padEnd(widths[column], index === 1 ? '-' : ' ')).join(' | ')} |`).join('\n');
}

function mark(met) {
  return met ? 'met' : 'below';
}

function kinds(failures) {
  return Object.entries(failures).map(([kind, number]) => `${number} ${kind}`).join(', ');
}

function range([least, most]) {
  return `${digits(least)} to ${digits(most)}`;
}

function count(number) {
  return Math.round(number).toLocaleString('en');
}

function amount(number, unit) {
  return `${digits(number)} ${unit}`;
}

function digits(number) {
  return Math.abs(number) >= 100 ? number.toFixed(0) : number.toPrecision(3).replace(/\.?0+$/, '');
}
