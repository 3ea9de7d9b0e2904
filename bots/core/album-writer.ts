/** Posts the stems of a finished job as one album: an extra, at most once in each place. */
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import type { AlbumSong, ChatPort, Extra } from '../../workflows/contract/chat-port.ts';
import type { AlbumContent, AlbumReport } from '../../workflows/contract/delivery.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { albumStems } from './album-stems.ts';
import type { ChatSender } from './chat-sender.ts';
import { findSurface } from './find-surface.ts';
import { jobCard } from './job-card.ts';
import type { Deliveries, DeliveryRow, Jobs } from './jobs.ts';
import type { OpenFiles } from './place-files.ts';
import { SlotLostError, sendSlot } from './send-slot.ts';
import type { SlotDeps } from './send-slot.ts';

export interface AlbumWriterDeps {
  readonly port: ChatPort;
  readonly jobs: Jobs;
  readonly deliveries: Deliveries;
  readonly sender: ChatSender;
  readonly onError: (error: unknown, jobId: string) => void;
}

export interface AlbumWriter {
  /** Rejects only where nothing was sent and another try may help. */
  post(
    album: { readonly jobId: string; readonly surfaceId: string; readonly content: AlbumContent },
    open: OpenFiles,
  ): Promise<AlbumReport>;
}

const SETTLED = { state: 'settled' } as const;

export function createAlbumWriter({ port, jobs, deliveries, sender, onError }: AlbumWriterDeps): AlbumWriter {
  const slots: SlotDeps = { deliveries, sender, removeStray: port.removeStray.bind(port) };

  return {
    async post({ jobId, surfaceId, content }, open) {
      const [job, surface, rows] = await Promise.all([
        jobs.find(jobId),
        findSurface(jobs, jobId, surfaceId),
        deliveries.list(jobId, surfaceId),
      ]);
      const stems = albumStems(job?.outcome ?? null);
      const cardId = rows.find(({ slot, state }) => slot === 'card' && state === 'sent')?.messageId ?? null;
      const isBegun = rows.some(({ slot, state }) => slot === 'album' && state !== 'planned');
      if (job === null || stems === null || cardId === null || isBegun) {
        return SETTLED;
      }
      const { address, language, learnedFileLimitBytes } = surface;
      const card = jobCard(job, { queuePlace: 0, secondsLeft: null }, { language });

      async function postOnce(extra: Extra): Promise<void> {
        try {
          await sendSlot(slots, { jobId, surfaceId, address }, 'album', async (target, nonce) => {
            return await port.postExtra(target, cardId ?? '', extra, nonce);
          });
        } catch (error) {
          const isLost = error instanceof SlotLostError;
          if (!isLost && !(error instanceof SendError && error.outcome === 'ambiguous')) throw error;
          if (!isLost) onError(error, jobId);
        }
      }

      switch (content.kind) {
        case 'standing': {
          const songs = standingSongs(stems, rows);
          if (songs === null) {
            const limits = [await port.fileLimitBytes(address), learnedFileLimitBytes].filter(
              (limit) => limit !== null,
            );
            return { state: 'files-needed', stems, limitBytes: limits.length === 0 ? null : Math.min(...limits) };
          }
          await postOnce({ kind: 'album', songs, card });
          return SETTLED;
        }
        case 'files':
          try {
            await open(content.files, async (files) => {
              await postOnce({ kind: 'album', songs: files.map((file) => ({ kind: 'file', file })), card });
            });
          } catch (error) {
            if (!(error instanceof FileTooLargeError)) throw error;
            const bytes = content.files.reduce((sum, { blob }) => sum + blob.bytes, 0);
            return { state: 'files-needed', stems, limitBytes: Math.min(error.limitBytes, bytes - 1) };
          }
          return SETTLED;
        case 'nothing':
          await postOnce({ kind: 'no-album', card });
          return SETTLED;
      }
    },
  };
}

/** Null where one of them does not stand here as something that can be played. */
function standingSongs(stems: readonly FinishedStem[], rows: readonly DeliveryRow[]): readonly AlbumSong[] | null {
  const standing = rows.filter(({ state }) => state === 'sent').flatMap(({ sentFiles }) => sentFiles);
  const songs = stems.flatMap(({ name }): AlbumSong[] => {
    const sent = standing.find((file) => file.name === name);
    return sent === undefined ? [] : [{ kind: 'standing', sent }];
  });
  return songs.length === stems.length ? songs : null;
}
