import type { Logger } from '../../runtime/log.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ReportProgress } from '../../workflows/contract/job.ts';

export interface MediaLimits {
  readonly longestSongSeconds: number;
  readonly shortestSongSeconds: number;
  readonly largestUploadBytes: number;
  readonly mostChannels: number;
  /** Of one recording as float32 PCM, on disk and in the blob store; 3.5 GB by default, and always below 4 GiB. */
  readonly largestPcmBytes?: number;
}

export interface MediaDependencies {
  readonly blobs: BlobStore;
  readonly tools: MediaTools;
  /** Where private folders are made, one per piece of work. */
  readonly scratchDir: string;
  readonly limits: MediaLimits;
  readonly reportProgress: ReportProgress;
  /** How far a rendering is, 0 to 1; lands in its row. */
  readonly reportRendering: (renderingId: string, fraction: number) => Promise<void>;
  readonly log: Logger;
}
