import type { EntityManager } from '@mikro-orm/postgresql';
import type { ArtefactKind } from './artefact.entity.ts';
import { doomBlobs } from './doomed-blobs.ts';
import { giveBackBytes } from './shares.repository.ts';
import { sqlArray } from './sql-array.ts';

/**
 * Takes a recording away with all that its band holds because of it. Its jobs stay, without a song. The caller has locked its row, so that no
 * job can begin to be about it. False, where one that is under way already is: then nothing changes.
 */
export async function removeRecording(em: EntityManager, recordingId: string): Promise<boolean> {
  const working = await em.execute<unknown[]>(
    `select from job where recording_id = ? and state in ('queued', 'running') limit 1`,
    [recordingId],
  );
  if (working.length > 0) return false;
  await giveBackBytes(em, recordingId);
  const held = await em.execute<{ id: string }[]>(
    `select artefact.id from artefact join recording on recording.band_id = artefact.band_id
     where recording.id = ? and (artefact.lineage ->> 'recordingSha256' = recording.sha256
       or artefact.lineage ->> 'job' in (select job.id::text from job where job.recording_id = recording.id)
       or artefact.id in (recording.canonical_artefact_id, recording.working_artefact_id)
       or artefact.id in (select unnest(array[stem.pcm_artefact_id, stem.waveform_artefact_id]) from stem
         join separation on separation.id = stem.separation_id where separation.recording_id = recording.id))
     order by artefact.blob_key for update of artefact`,
    [recordingId],
  );
  await em.execute('delete from recording where id = ?', [recordingId]);
  // Two uploads of one song have blobs in common: what another recording of the band is made of stays.
  const gone = await em.execute<{ key: string; kind: ArtefactKind }[]>(
    `delete from artefact where id = any(?::uuid[])
       and not exists (select from stem where pcm_artefact_id = artefact.id)
       and not exists (select from stem where waveform_artefact_id = artefact.id)
       and not exists (select from recording where canonical_artefact_id = artefact.id)
       and not exists (select from recording where working_artefact_id = artefact.id)
     returning blob_key as key, kind`,
    [sqlArray(held.map(({ id }) => id))],
  );
  await doomBlobs(em, gone);
  return true;
}
