/** The reuse exam: a scripted series of answers, each a question of what the client does with its connection next. */
import { USUAL, type Answer } from './answers.js';
import type { WatchedConnection } from './connection.js';
import type { AnswerTo } from './conversation.js';
import { Gathering, type Gathered } from './gathering.js';

/** A question, put with one answer or several; what becomes of the connection shows what the client makes of each. */
interface Question {
  readonly name: string;
  readonly times: number;
  readonly answer: Partial<Answer>;
  /** `reuse`: the connection can carry another request, and a client that reuses connections lets it. `survive`: it cannot, and the client goes on with another. */
  readonly expected: 'reuse' | 'survive';
  /** What it means when the client does otherwise. */
  readonly otherwise: string;
}

/** In this order: a client that fails at one still meets the next. */
const QUESTIONS: readonly Question[] = [
  { name: 'small bodies (100 B)', times: 4, answer: { bodyBytes: 100 }, expected: 'reuse', otherwise: 'it does not reuse connections at all' },
  { name: 'large bodies (1 MiB)', times: 4, answer: { bodyBytes: 1024 ** 2 }, expected: 'reuse', otherwise: 'it does not read large bodies to their end' },
  { name: 'no body (204)', times: 2, answer: { status: 204, bodyBytes: 0 }, expected: 'reuse', otherwise: 'an answer without a body ends its connection' },
  { name: 'an error (500)', times: 2, answer: { status: 500 }, expected: 'reuse', otherwise: 'it does not read the bodies of errors' },
  { name: 'a hint: Keep-Alive: timeout=60', times: 2, answer: { hintSeconds: 60 }, expected: 'reuse', otherwise: 'a hint ends its connection' },
  { name: 'a short hint: Keep-Alive: timeout=1', times: 2, answer: { hintSeconds: 1 }, expected: 'reuse', otherwise: 'it subtracts a margin from the hint, and nothing is left (undici: 2 s, Node’s agent: 1 s)' },
  { name: 'Connection: close', times: 1, answer: { close: true }, expected: 'survive', otherwise: 'it did not go on after it' },
  { name: 'a close without a word', times: 1, answer: { closeIdleNs: 0 }, expected: 'survive', otherwise: 'it did not go on after it: a program has to expect this, and to repeat what can be repeated' },
];

/** Requests of the series: one more than there are answers to judge, as the next request shows what became of the last. Those that follow are held back, to see how many come at one time. */
export const EXAM_REQUESTS = QUESTIONS.reduce((sum, { times }) => sum + times, 1);

export interface Grade {
  readonly question: string;
  /** Times it was put and the client's next request came; 0: it could not be put to this client, or the client ended too soon. */
  readonly asked: number;
  /** Times the client did what one that reuses connections does. */
  readonly passed: number;
  /** What it means that the client did otherwise, or why it was not asked; '' when it always did. */
  readonly otherwise: string;
}

export class Exam {
  readonly #grades = QUESTIONS.map(({ name, otherwise }) => ({ question: name, asked: 0, passed: 0, otherwise }));
  #given = 0;
  /** The question that the last answer on a connection put, and its place in the series. */
  readonly #open = new Map<WatchedConnection, { readonly index: number; readonly n: number }>();
  readonly #gathering = new Gathering();
  #lastOpenedNs = 0;
  #lastNs = 0;

  /** Answers the next request of the series, whichever connection it comes on. */
  readonly answerTo: AnswerTo = (_head, connection) => {
    this.#lastNs = connection.beganNs;
    this.#lastOpenedNs = Math.max(this.#lastOpenedNs, connection.openedNs);
    const before = this.#open.get(connection);
    if (before !== undefined) this.#grade(before.index, true);
    const n = this.#given++;
    const index = questionAt(n);
    if (index < 0) {
      this.#open.delete(connection);
      return this.#gathering.wantsMore ? { ...USUAL, hold: (release) => this.#gathering.hold(connection, release) } : USUAL;
    }
    this.#open.set(connection, { index, n });
    return { ...USUAL, ...QUESTIONS[index]!.answer };
  };

  /** When the last request began. */
  get lastNs(): number {
    return this.#lastNs;
  }

  /** What the client did with several requests at one time. */
  gathered(): Gathered {
    return this.#gathering.gathered();
  }

  /** Grades what is still open as well: a connection that carried nothing more although the client opened another was not used again. */
  grades(): readonly Grade[] {
    for (const [connection, { index, n }] of this.#open) {
      if (QUESTIONS[index]!.expected === 'survive') this.#grade(index, n < this.#given - 1);
      else if (this.#lastOpenedNs > connection.answerBeganNs) this.#grade(index, false);
      this.#open.delete(connection);
    }
    return [...this.#grades.map((grade) => ({ ...grade, otherwise: grade.asked === 0 ? 'too few requests came' : grade.passed === grade.asked ? '' : grade.otherwise })), this.#several()];
  }

  #several(): Grade {
    const { asked, passed, atOnce } = this.gathered();
    const otherwise = asked === 0 ? NOT_GATHERED[Math.min(atOnce, 2)]! : passed === asked ? '' : 'its pool keeps fewer idle connections than it uses at one time';
    return { question: 'several requests at one time', asked, passed, otherwise };
  }

  #grade(index: number, passed: boolean): void {
    const grade = this.#grades[index]!;
    grade.asked++;
    if (passed) grade.passed++;
  }
}

/** Why several at one time could not be asked, by how many there were. */
const NOT_GATHERED = ['too few requests came', 'the client sends one request after another', 'the client ended after it had sent several at one time'];

/** The question that the nth answer puts, or -1 behind the last. */
function questionAt(n: number): number {
  let behind = 0;
  return QUESTIONS.findIndex(({ times }) => n < (behind += times));
}
