import type { EntityManager } from '@mikro-orm/postgresql';
import type { JobSurface, Language } from '../workflows/contract/job-view.ts';
import type { Platform } from '../workflows/contract/request.ts';

/** Where a job has a card: where it was asked for first, then the home of each other chat of its band. */
export async function surfacesOf(em: EntityManager, jobId: string): Promise<readonly JobSurface[]> {
  const rows = await em.execute<SurfaceRow[]>(
    `select surface.id, surface.platform, surface.bot_id as "botId", surface.chat_id as "chatId", surface.thread_id as "threadId",
       surface.file_limit_bytes as "limit", band.language, surface.id = origin.id as "isOrigin"
     from job join surface origin on origin.id = job.surface_id join band on band.id = job.band_id
     join surface on surface.id = origin.id
       or (surface.band_id = job.band_id and surface.is_home and origin.band_id = job.band_id
         and (surface.platform, surface.bot_id, surface.chat_id) <> (origin.platform, origin.bot_id, origin.chat_id))
     where job.id = ? order by surface.id <> origin.id, surface.created_at`,
    [jobId],
  );
  return rows.map(({ id, platform, botId, chatId, threadId, limit, language, isOrigin }) => ({
    surfaceId: id,
    platform,
    address: { platform, botId, chatId, threadId: threadId === '' ? null : threadId },
    isOrigin,
    language: language ?? 'en',
    learnedFileLimitBytes: limit,
  }));
}

interface SurfaceRow {
  readonly id: string;
  readonly platform: Platform;
  readonly botId: string;
  readonly chatId: string;
  readonly threadId: string;
  readonly limit: number | null;
  readonly language: Language | null;
  readonly isOrigin: boolean;
}

/** A place was found to take less per file; what was less before stays. */
export async function learnSurface(em: EntityManager, surfaceId: string, fileLimitBytes: number): Promise<void> {
  await em.execute(
    'update surface set file_limit_bytes = least(?::float8, coalesce(file_limit_bytes, ?::float8)) where id = ?',
    [fileLimitBytes, fileLimitBytes, surfaceId],
  );
}
