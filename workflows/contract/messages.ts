import { defineSignal } from '@temporalio/workflow';
import type { JobOutcome } from './job.ts';

/** Sent to every mirror of a job once its outcome is known. */
export const outcomeReached = defineSignal<[JobOutcome]>('outcomeReached');

/** Earlier jobs of whoever asked are done. May be sent more than once. */
export const turnCame = defineSignal('turnCame');

/** Whoever asked has linked their chat account. May be sent more than once: it says the same every time. */
export const accountLinked = defineSignal('linked');
