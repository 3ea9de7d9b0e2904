// What is kept of jobs besides their stems: uploads, for a retry, and files that stand behind links.
import type { EntityManager } from '@mikro-orm/postgresql';
import { displayTitle } from '../workflows/contract/display-title.ts';
import type { StoredSource } from '../workflows/contract/recording.ts';
import type { DeliveredFile } from '../workflows/contract/stems.ts';
import { holdBlobs } from './artefacts.ts';
import { Job } from './job.entity.ts';
import type { Database } from './orm.ts';

export interface JobFiles {
  /** The upload of an earlier job of the same band; null where it is another's, unknown or not kept any more. */
  findSource(input: { readonly jobId: string; readonly earlierJobId: string }): Promise<StoredSource | null>;
  /** Keeps files as long as the band keeps results. */
  hold(input: { readonly jobId: string; readonly files: readonly DeliveredFile[] }): Promise<void>;
}

/** A retry of a retry of …: nobody presses that often within a day. */
const LONGEST_CHAIN = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createJobFiles(database: Database): JobFiles {
  return {
    async findSource({ jobId, earlierJobId }) {
      return await database.use(async (em) => {
        const bandId = (await em.findOneOrFail(Job, { id: jobId })).band.id;
        return await sourceOf(em, bandId, earlierJobId);
      });
    },

    async hold({ jobId, files }) {
      await database.transaction(async (em) => {
        const bandId = (await em.findOneOrFail(Job, { id: jobId })).band.id;
        const held = files.map(({ name, fileName, blob }) => ({
          kind: 'encoded' as const,
          blob,
          lineage: { job: jobId, name, fileName },
        }));
        // Uploads have hours of their own; there are none among these.
        await holdBlobs(em, bandId, held, 0);
      });
    },
  };
}

async function sourceOf(em: EntityManager, bandId: string, earlierJobId: string): Promise<StoredSource | null> {
  let id = earlierJobId;
  for (let link = 0; link < LONGEST_CHAIN && UUID.test(id); link += 1) {
    const job = await em.findOne(Job, { id, band: bandId }, { populate: ['recording'] });
    if (job === null) return null;
    const { source } = job.request.command;
    if (source.kind === 'earlier') {
      id = source.jobId;
      continue;
    }
    const [row] = await em.execute<{ key: string; bytes: string; sha256: string }[]>(
      `select blob_key as key, bytes, sha256 from artefact
       where band_id = ? and kind = 'source' and lineage ->> 'job' = ? and (expires_at is null or expires_at > now())`,
      [bandId, id],
    );
    if (row === undefined) return null;
    const title = job.recording?.title ?? (source.kind === 'attachment' ? displayTitle(source.name) : 'song');
    return { key: row.key, bytes: Number(row.bytes), sha256: row.sha256, title };
  }
  return null;
}
