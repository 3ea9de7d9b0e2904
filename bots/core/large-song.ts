import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { Language } from '../../workflows/contract/job-view.ts';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { failureReply } from './failure-reply.ts';
import { wordsOf } from './words/words-of.ts';

export interface SongLimits {
  /** What is taken at all, however it comes, in bytes. */
  readonly largestBytes: number;
  /** What the platform hands to bots at most, in bytes; null where it hands over whatever people can send. */
  readonly fromChatBytes: number | null;
}

export interface LargeSong {
  readonly failure: FailureReport;
  /** What is wrong and what to do. */
  readonly line: string;
  /** It is too large for this chat alone. */
  readonly isWelcomeElsewhere: boolean;
}

const BYTES_PER_MEGABYTE = 1_000_000;

/**
 * The refusal of a song that is too large for this chat, known from what the platform says of its size, before anything is done; null
 * where it fits, or nobody said how large it is.
 */
export function refuseLargeSong(
  source: SourceReference,
  { largestBytes, fromChatBytes }: SongLimits,
  language: Language,
): LargeSong | null {
  if (source.kind !== 'attachment' || source.declaredBytes === null) {
    return null;
  }
  const { declaredBytes: bytes, name } = source;
  if (bytes > largestBytes) {
    const failure = tooLarge(largestBytes);
    return { failure, line: failureReply(failure, language), isWelcomeElsewhere: false };
  }
  if (fromChatBytes !== null && bytes > fromChatBytes) {
    const limit = Math.floor(fromChatBytes / BYTES_PER_MEGABYTE);
    const line = wordsOf(language).answers.tooLargeForChat(name, limit);
    return { failure: tooLarge(fromChatBytes), line, isWelcomeElsewhere: true };
  }
  return null;
}

function tooLarge(limitBytes: number): FailureReport {
  return { code: 'too-large', facts: { limitMegabytes: Math.floor(limitBytes / BYTES_PER_MEGABYTE) } };
}
