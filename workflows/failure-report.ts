import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import { isFailureCode } from './contract/failure.ts';
import type { FailureCode, FailureFacts, FailureReport } from './contract/failure.ts';
import type { JobOutcome } from './contract/job.ts';

/** Not the musician's doing: the operator has to mend something. */
const OPERATOR_CODES: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'internal',
  'model-missing',
  'model-invalid',
  'out-of-memory',
  'no-space',
]);

/** What a thrown failure tells the musician: the code that an activity refused with, or `internal`. */
export function reportFailure(error: unknown): FailureReport {
  let cause: unknown = error;
  while (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) {
    cause = cause.cause;
  }
  if (cause instanceof ApplicationFailure && isFailureCode(cause.type)) {
    return { code: cause.type, facts: (cause.details?.[0] ?? {}) as FailureFacts };
  }
  return { code: 'internal', facts: {} };
}

export function failureOutcome(failure: FailureReport): JobOutcome {
  return { state: OPERATOR_CODES.has(failure.code) ? 'failed' : 'refused', failure };
}
