import { isFinished } from '../../workflows/contract/job.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { Jobs } from './jobs.ts';
import { pause } from './pacing.ts';

/** Well within the time that platforms give for an answer, and little for whoever waits behind this press. */
const PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 100;

/**
 * The job as it has ended, or as it stands after a moment. Its card shows the end before its row does, for the row waits until the result
 * has arrived where it was asked for: who presses a button of that card at once is not told that the job still runs.
 */
export async function onceEnded(job: JobView, jobs: Pick<Jobs, 'find'>): Promise<JobView> {
  let seen = job;
  for (const deadline = Date.now() + PATIENCE_MS; !isFinished(seen.state) && Date.now() < deadline;) {
    await pause(LOOK_EVERY_MS);
    seen = (await jobs.find(job.id)) ?? seen;
  }
  return seen;
}
