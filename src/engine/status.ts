/** Which status codes count as completed: for each code 0 to 999, 1 or 0. @param expected codes and classes such as `204` and `2xx` */
export function expectedStatuses(expected: readonly string[]): Uint8Array {
  const table = new Uint8Array(1000);
  for (const entry of expected) {
    if (/^\dxx$/i.test(entry)) table.fill(1, Number(entry[0]) * 100, Number(entry[0]) * 100 + 100);
    else table[Number(entry)] = 1;
  }
  return table;
}
