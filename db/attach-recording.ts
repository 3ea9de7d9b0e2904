import type { EntityManager } from '@mikro-orm/postgresql';
import { JOB_CHANNEL, notify } from './notify.ts';

/** The song of a job is known. Announced, since the card shows the title and the estimate from then on. */
export async function attachRecording(
  em: EntityManager,
  jobId: string,
  recordingId: string,
  audioSeconds: number,
): Promise<void> {
  const changed = await em.execute<unknown[]>(
    `update job set recording_id = ?, audio_seconds = ?, version = version + 1
     where id = ? and (recording_id is distinct from ? or audio_seconds is distinct from ?) returning id`,
    [recordingId, audioSeconds, jobId, recordingId, audioSeconds],
  );
  if (changed.length > 0) await notify(em, JOB_CHANNEL, jobId);
}
