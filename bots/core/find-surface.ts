import type { JobSurface } from '../../workflows/contract/job-view.ts';
import type { Jobs } from './jobs.ts';

/** A job's place by its id. Throws where the job has no such place. */
export async function findSurface(
  jobs: Pick<Jobs, 'surfacesOf'>,
  jobId: string,
  surfaceId: string,
): Promise<JobSurface> {
  const surface = (await jobs.surfacesOf(jobId)).find((each) => each.surfaceId === surfaceId);
  if (surface === undefined) {
    throw new Error(`job ${jobId} has no place ${surfaceId}`);
  }
  return surface;
}
