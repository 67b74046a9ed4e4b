import { closest, distance } from 'fastest-levenshtein';

/** The request was wrong: a scenario, a flag, a file, a target that cannot be reached. Ends the program with exit code 2. */
export class RequestError extends Error {
  override readonly name: string = 'RequestError';
  /**
   * @param message what is wrong and where, in one sentence
   * @param remedy what to do about it, in one sentence; printed after the message
   */
  constructor(
    message: string,
    readonly remedy?: string,
  ) {
    super(remedy ? `${message}; ${remedy}` : message);
  }
}

/** Our own books do not balance, or a worker broke: a bug of sameconn. Ends the program with exit code 3, and nothing is reported as a result. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
}

/** `did you mean "reused"?` when one of the words is near enough to be a slip of the pen, else undefined. */
export function suggestion(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const near = closest(word.toLowerCase(), words as string[]);
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(2, Math.floor(near.length / 3)) ? `did you mean "${near}"?` : undefined;
}
