import type { BandView } from '../../workflows/contract/band.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { Jobs } from './jobs.ts';

/** By its code; null for other bands' jobs, as if there were none. */
export async function findBandJob(
  code: string,
  { id }: Pick<BandView, 'id'>,
  { jobs }: { readonly jobs: Jobs },
): Promise<JobView | null> {
  const job = await jobs.findByCode(code);
  return job?.bandId === id ? job : null;
}
