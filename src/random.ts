/** Seeded randomness: the seed is in every result, so a schedule can be made again. */

/** A stream of numbers in [0, 1) from a 32-bit seed. sfc32 by Chris Doty-Humphrey (PractRand 0.95), period about 2^128. */
export function randomFrom(seed: number, stream = 0): () => number {
  let a = 0x9e3779b9 ^ stream;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next(); // the generator's own advice: mix the seed in before use
  return next;
}

/** A new array with the same members in random order (Fisher and Yates). */
export function shuffled<T>(members: readonly T[], random: () => number): T[] {
  const order = [...members];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
