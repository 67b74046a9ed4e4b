/** The tables that the bench prints, in Markdown, so that they can be pasted where people read them. */

export function ratioTable(lines) {
  return table(
    ['work', 'peer', 'ours /s', 'theirs /s', 'ratio', 'spread', 'bar', '', 'µs CPU ours', 'theirs'],
    lines.map(({ work, peer, ours, theirs, ratio, spread, bar, oursCpuUs, theirsCpuUs, problem, failures }) =>
      problem !== undefined
        ? [work, peer, `no figure: ${problem}`]
        : [work, peer, count(ours), count(theirs), ratio.toFixed(2), spread.map((edge) => edge.toFixed(2)).join(' to '), bar === undefined ? '' : `≥ ${bar}`, bar === undefined ? '' : mark(ratio >= bar), oursCpuUs.toFixed(1), `${theirsCpuUs.toFixed(1)}${failuresText(failures)}`],
    ),
  );
}

export function costTable(lines) {
  return table(
    ['cost', 'median', 'spread', 'bar', ''],
    lines.map(({ name, figure, spread, unit, bar, least = false, problem }) =>
      problem !== undefined
        ? [name, problem]
        : [name, amount(figure, unit), spread.map((edge) => digits(edge)).join(' to '), bar === undefined ? '' : `${least ? '≥' : '≤'} ${amount(bar, unit)}`, bar === undefined ? '' : mark(least ? figure >= bar : figure <= bar)],
    ),
  );
}

function table(head, rows) {
  const cells = [head, head.map(() => '-'), ...rows.map((row) => head.map((_, column) => row[column] ?? ''))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row, index) => `| ${row.map((cell, column) => cell.padEnd(widths[column], index === 1 ? '-' : ' ')).join(' | ')} |`).join('\n');
}

function mark(met) {
  return met ? 'met' : 'below';
}

function failuresText(failures) {
  const kinds = Object.entries(failures);
  return kinds.length === 0 ? '' : `; our failures: ${kinds.map(([kind, number]) => `${number} ${kind}`).join(', ')}`;
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
