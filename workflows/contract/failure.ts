import { ApplicationFailure } from '@temporalio/common';

/** What a musician can be told. Wire names: stored in histories and rows, never renamed. */
export const FAILURE_CODES = [
  'file-missing',
  'empty-file',
  'not-audio',
  'no-audio-stream',
  'unreadable-audio',
  'protected-audio',
  'too-large',
  'too-long',
  'too-short',
  'too-many-channels',
  'unsupported-rate',
  'link-invalid',
  'link-blocked',
  'link-unreachable',
  'link-refused',
  'link-not-audio',
  'site-off',
  'site-unavailable',
  'site-live',
  'unknown-strategy',
  'option-invalid',
  'model-missing',
  'model-not-licensed',
  'model-invalid',
  'out-of-memory',
  'no-space',
  'delivery-folder',
  'too-many-files',
  'unknown-stem',
  'unknown-tuning',
  'words-too-long',
  'quota-jobs',
  'quota-minutes',
  'quota-bytes',
  'account-not-linked',
  'chat-closed',
  'cancelled',
  'internal',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Numbers and names for the sentence (limits, what was found); never raw user text, tokens or full URLs. */
export type FailureFacts = Readonly<Record<string, string | number>>;

export interface FailureReport {
  readonly code: FailureCode;
  readonly facts: FailureFacts;
}

export function isFailureCode(value: unknown): value is FailureCode {
  return (FAILURE_CODES as readonly unknown[]).includes(value);
}

/**
 * Ends the job with something the musician can act on. Not retried.
 * Anything else that an activity throws means "retry, then page us".
 */
export function refuse(code: FailureCode, facts: FailureFacts = {}): never {
  throw refusal(code, facts);
}

/** The failure that {@link refuse} throws, for callers that must clean up or wrap first. */
export function refusal(code: FailureCode, facts: FailureFacts = {}): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: code,
    nonRetryable: true,
    details: [facts],
    category: 'BENIGN',
  });
}
