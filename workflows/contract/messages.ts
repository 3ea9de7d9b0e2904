import { defineSignal } from '@temporalio/workflow';
import type { JobOutcome } from './job.ts';

/** Sent to every mirror of a job once its outcome is known. */
export const outcomeReached = defineSignal<[JobOutcome]>('outcomeReached');
