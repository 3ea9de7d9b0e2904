import { heartbeat } from '@temporalio/activity';
import { BlobTooLargeError } from '../../workflows/contract/blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChatActivities } from '../../workflows/contract/chat-activities.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { ReportProgress } from '../../workflows/contract/job.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import { paced } from './paced.ts';

export interface CollectDeps {
  readonly port: Pick<ChatPort, 'openAttachment'>;
  readonly blobs: BlobStore;
  readonly noteSource: (input: { readonly jobId: string; readonly source: StoredSource }) => Promise<void>;
  readonly reportProgress: ReportProgress;
  readonly largestUploadBytes: number;
}

/** One source per job: a second attempt replaces the first one's bytes. */
export async function collectAttachment(
  { port, blobs, noteSource, reportProgress, largestUploadBytes }: CollectDeps,
  { jobId, source }: Parameters<ChatActivities['collectAttachment']>[0],
): Promise<StoredSource> {
  const limitMegabytes = Math.round(largestUploadBytes / 1_000_000);
  if (source.declaredBytes !== null && source.declaredBytes > largestUploadBytes) {
    refuse('too-large', { limitMegabytes });
  }
  await reportProgress({ jobId, stage: 'receive', fraction: 0, line: 'Receiving the song' });
  return await paced(async () => {
    const attachment = await port.openAttachment(source);
    try {
      const blob = await blobs.put(`sources/${jobId}`, beating(attachment.bytes), { maxBytes: largestUploadBytes });
      const stored = { ...blob, title: displayTitle(attachment.name) };
      await noteSource({ jobId, source: stored });
      await reportProgress({ jobId, stage: 'receive', fraction: 1 });
      return stored;
    } catch (error) {
      if (error instanceof BlobTooLargeError) {
        refuse('too-large', { limitMegabytes });
      }
      throw error;
    }
  });
}

/** Passes bytes on and tells Temporal that they are coming. */
async function* beating(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const block of bytes) {
    heartbeat();
    yield block;
  }
}
