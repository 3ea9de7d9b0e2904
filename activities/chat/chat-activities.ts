import { heartbeat } from '@temporalio/activity';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChatActivities } from '../../workflows/contract/chat-activities.ts';
import type { ChatPort, OpenFile } from '../../workflows/contract/chat-port.ts';
import type {
  AlbumContent,
  AlbumReport,
  DeliveryReport,
  Preview,
  ResultFile,
  ResultParcel,
} from '../../workflows/contract/delivery.ts';
import type { JobOutcome, ReportProgress } from '../../workflows/contract/job.ts';
import type { JobSurface } from '../../workflows/contract/job-view.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import { collectAttachment } from './collect-attachment.ts';
import { withFiles } from './open-files.ts';
import { beatWhile } from './beat-while.ts';
import { paced } from './paced.ts';

/** The part of the card writer that activities use. */
export interface Cards {
  post(jobId: string, surfaceId: string): Promise<{ readonly surface: JobSurface } | null>;
}

interface Ended {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly outcome: JobOutcome;
  readonly parcel: ResultParcel;
}

/** Gives `use` the files on this machine's disk. */
type OpenFiles = <T>(files: readonly ResultFile[], use: (open: readonly OpenFile[]) => Promise<T>) => Promise<T>;

/** The part of the result writer that activities use. */
export interface Results {
  deliver(ended: Ended, open: OpenFiles, onProgress: (fraction: number) => Promise<void>): Promise<DeliveryReport>;
  postExtras(extras: {
    readonly jobId: string;
    readonly surfaceId: string;
    readonly preview: { readonly preview: Preview; readonly path: string } | null;
    readonly ping: boolean;
  }): Promise<void>;
  tellInPrivate(ended: Ended): Promise<void>;
}

/** The part of the album writer that activities use. */
export interface Albums {
  post(
    album: { readonly jobId: string; readonly surfaceId: string; readonly content: AlbumContent },
    open: OpenFiles,
  ): Promise<AlbumReport>;
}

export interface ChatActivityDeps {
  readonly cards: Cards;
  readonly results: Results;
  readonly albums: Albums;
  readonly port: Pick<ChatPort, 'openAttachment' | 'fileLimitBytes'>;
  readonly blobs: BlobStore;
  /** Notes an upload as soon as it is stored, so that it goes after its time. */
  readonly noteSource: (input: { readonly jobId: string; readonly source: StoredSource }) => Promise<void>;
  readonly reportProgress: ReportProgress;
  readonly largestUploadBytes: number;
}

/** Run in the bot process of one platform, on the queue `chat-<platform>`. */
export function createChatActivities(deps: ChatActivityDeps): ChatActivities {
  const { cards, results, albums, port, blobs, reportProgress } = deps;
  const open: OpenFiles = async (files, use) => await withFiles(blobs, files, use);
  return {
    async postCard({ jobId, surfaceId }) {
      return await paced(async () => {
        const standing = await beatWhile(cards.post(jobId, surfaceId));
        if (standing === null) {
          return { isThere: false, fileLimitBytes: null };
        }
        const { address, learnedFileLimitBytes } = standing.surface;
        const limit = await beatWhile(port.fileLimitBytes(address));
        return { isThere: true, fileLimitBytes: smaller(limit, learnedFileLimitBytes) };
      });
    },

    async collectAttachment(input) {
      return await collectAttachment(deps, input);
    },

    async deliverOutcome(ended) {
      const { jobId, outcome } = ended;
      return await paced(async () => {
        const delivering = results.deliver(ended, open, async (fraction) => {
          heartbeat({ fraction });
          if (outcome.state === 'done') {
            await reportProgress({ jobId, stage: 'deliver', fraction });
          }
        });
        return await beatWhile(delivering);
      });
    },

    async postExtras({ jobId, surfaceId, preview, ping }) {
      await paced(async () => {
        await beatWhile(
          preview === null
            ? results.postExtras({ jobId, surfaceId, ping, preview: null })
            : blobs.withFile(preview.file.blob.key, async (path) => {
                await results.postExtras({ jobId, surfaceId, ping, preview: { preview, path } });
              }),
        );
      });
    },

    async postAlbum({ jobId, surfaceId, album: content }) {
      return await paced(async () => await beatWhile(albums.post({ jobId, surfaceId, content }, open)));
    },

    async tellInPrivate(ended) {
      await paced(async () => {
        await beatWhile(results.tellInPrivate(ended));
      });
    },
  } satisfies ChatActivities;
}

/** Null: no limit. */
function smaller(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
