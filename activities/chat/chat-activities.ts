import { heartbeat } from '@temporalio/activity';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { BlobTooLargeError } from '../../workflows/contract/blob-store.ts';
import type { ChatActivities } from '../../workflows/contract/chat-activities.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { JobOutcome, ReportProgress } from '../../workflows/contract/job.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import type { DeliveredFile } from '../../workflows/contract/stems.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';

/** The part of the card writer that activities use. */
export interface Cards {
  post(jobId: string): Promise<void>;
  finish(jobId: string, outcome: JobOutcome): Promise<void>;
}

export interface ChatActivityDeps {
  readonly cards: Cards;
  readonly port: ChatPort;
  readonly blobs: BlobStore;
  readonly addressOf: (jobId: string) => Promise<ChatAddress>;
  /** Notes an upload as soon as it is stored, so that it goes after its time. */
  readonly noteSource: (input: { readonly jobId: string; readonly source: StoredSource }) => Promise<void>;
  readonly reportProgress: ReportProgress;
  readonly largestUploadBytes: number;
}

/** Run in the bot process of one platform, on the queue `chat-<platform>`. */
export function createChatActivities(deps: ChatActivityDeps): ChatActivities {
  const { cards, port, blobs, reportProgress, largestUploadBytes } = deps;
  const limitMegabytes = Math.round(largestUploadBytes / 1_000_000);
  return {
    async postCard({ jobId }) {
      await cards.post(jobId);
    },

    async collectAttachment({ jobId, source }) {
      if (source.declaredBytes !== null && source.declaredBytes > largestUploadBytes) {
        refuse('too-large', { limitMegabytes });
      }
      await reportProgress({ jobId, stage: 'receive', fraction: 0, line: 'Receiving the song' });
      const attachment = await port.openAttachment(source);
      // One source per job: a second attempt replaces the first one's bytes.
      const key = `sources/${jobId}`;
      try {
        const blob = await blobs.put(key, beating(attachment.bytes), { maxBytes: largestUploadBytes });
        const stored = { ...blob, title: displayTitle(attachment.name) };
        await deps.noteSource({ jobId, source: stored });
        await reportProgress({ jobId, stage: 'receive', fraction: 1 });
        return stored;
      } catch (error) {
        if (error instanceof BlobTooLargeError) {
          refuse('too-large', { limitMegabytes });
        }
        throw error;
      }
    },

    async deliverOutcome({ jobId, outcome }) {
      if (outcome.state === 'done') {
        await deliverFiles(deps, jobId, outcome.result.files);
      }
      await cards.finish(jobId, outcome);
    },
  } satisfies ChatActivities;
}

/** All files side by side: large ones are mostly waiting for the disk or the platform. Rejects when none is under way any more. */
async function deliverFiles(deps: ChatActivityDeps, jobId: string, files: readonly DeliveredFile[]): Promise<void> {
  const address = await deps.addressOf(jobId);
  let delivered = 0;
  const results = await Promise.allSettled(
    files.map(async (file) => {
      await deps.blobs.withFile(file.blob.key, (path) => deps.port.deliverFile(address, file, path));
      delivered += 1;
      heartbeat({ fraction: delivered / files.length });
      await deps.reportProgress({ jobId, stage: 'deliver', fraction: delivered / files.length });
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
}

/** Passes bytes on and tells Temporal that they are coming. */
async function* beating(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const block of bytes) {
    heartbeat();
    yield block;
  }
}
