/** Labels that would collide, moved apart. */

/**
 * Positions as near as can be to those wanted, in the same order, at least `gap` apart and inside [low, high]; when all of it does not fit, evenly spread.
 * Pool-adjacent: neighbours that collide become one group around their mean, until no two groups collide.
 */
export function movedApart(wanted: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
  const step = order.length > 1 ? Math.min(gap, (high - low) / (order.length - 1)) : gap;
  let groups = order.map((member) => ({ center: clamped(member.at, 1, step, low, high), members: [member] }));
  for (let merged = true; merged; ) {
    merged = false;
    const next: typeof groups = [];
    for (const group of groups) {
      const before = next.at(-1);
      if (before && group.center - before.center < (step * (before.members.length + group.members.length)) / 2 - 1e-9) {
        const members = [...before.members, ...group.members];
        const mean = members.reduce((sum, { at }) => sum + at, 0) / members.length;
        next[next.length - 1] = { center: clamped(mean, members.length, step, low, high), members };
        merged = true;
      } else next.push(group);
    }
    groups = next;
  }
  const placed: number[] = [];
  for (const { center, members } of groups) members.forEach(({ index }, nth) => (placed[index] = center + (nth - (members.length - 1) / 2) * step));
  return placed;
}

function clamped(center: number, members: number, step: number, low: number, high: number): number {
  const half = ((members - 1) / 2) * step;
  return Math.min(high - half, Math.max(low + half, center));
}
