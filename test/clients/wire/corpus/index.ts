// The corpus: raw responses and what they amount to. One file a subject, one line here.
import { bodiless } from './bodiless.js';
import { codings } from './codings.js';
import { fieldLines } from './field-lines.js';
import { lengths } from './lengths.js';
import type { RawResponse } from './response.js';
import { reuse } from './reuse.js';
import { servers } from './servers.js';
import { statusLines } from './status-lines.js';

export const corpus: readonly RawResponse[] = [...servers, ...statusLines, ...fieldLines, ...lengths, ...codings, ...bodiless, ...reuse];
