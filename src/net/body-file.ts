/** Request bodies that stay on disk: read anew for every request, a part at a time, and never sent when they are no longer what the head says. */
import { statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Clock } from '../measure/clock.js';
import type { Sample } from '../measure/sample.js';
import type { FileBody, RequestSpec } from './endpoint.js';

/** One part: large enough that a read costs little, small enough that a thousand uploads at once fit the memory. */
const PART_BYTES = 256 * 1024;

/** A file as it was when the run was planned, for all requests of one client that send it. */
export class BodyFile {
  readonly length: number;
  #opened: Promise<FileHandle> | null = null;

  constructor(private readonly planned: FileBody) {
    this.length = planned.length;
  }

  /** Its size and the time of its last change are those of the plan. */
  get isAsPlanned(): boolean {
    const { path, length, modifiedMs } = this.planned;
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && found.size === length && found.mtimeMs === modifiedMs;
  }

  /** The whole body, each part in a buffer of its own. @throws Error when the file ends before its length, or cannot be read */
  async *parts(): AsyncGenerator<Buffer, void, undefined> {
    const file = await (this.#opened ??= open(this.planned.path));
    for (let at = 0; at < this.length; ) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(Math.min(PART_BYTES, this.length - at)), 0, null, at);
      if (bytesRead === 0) throw new Error(`${this.planned.path} ended after ${at} of ${this.length} bytes`);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Waits for the reads under way. */
  async close(): Promise<void> {
    const file = await this.#opened?.catch(() => null);
    await file?.close();
  }
}

/** The files among the bodies of a client's requests. */
export class BodyFiles {
  /** @returns null when every body is in memory */
  static of(requests: readonly RequestSpec[]): BodyFiles | null {
    const files = requests.map(({ body }) => (isFileBody(body) ? new BodyFile(body) : null));
    return files.some((file) => file !== null) ? new BodyFiles(files) : null;
  }

  private constructor(private readonly files: readonly (BodyFile | null)[]) {}

  at(request: number): BodyFile | null {
    return this.files[request] ?? null;
  }

  /** Ends an exchange before it takes a connection, when the file it would send has changed. @returns whether it did */
  refuse(sample: Sample, clock: Clock): boolean {
    const file = this.at(sample.request);
    if (file === null || file.isAsPlanned) return false;
    sample.doneNs = clock.nowNs();
    sample.failure = 'request-body';
    sample.done(sample);
    return true;
  }

  async close(): Promise<void> {
    await Promise.all(this.files.map((file) => file?.close()));
  }
}

export function isFileBody(body: RequestSpec['body']): body is FileBody {
  return body !== null && 'path' in body;
}
