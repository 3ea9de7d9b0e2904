import type { Logger } from '../../runtime/log.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ReportProgress } from '../../workflows/contract/job.ts';

export interface MediaLimits {
  readonly longestSongSeconds: number;
  readonly shortestSongSeconds: number;
  readonly largestUploadBytes: number;
  readonly mostChannels: number;
  readonly minRateHz: number;
  readonly maxRateHz: number;
  /** Of one recording as float32 PCM, on disk and in the blob store; below 4 GiB. */
  readonly largestPcmBytes: number;
}

export const DEFAULT_MEDIA_LIMITS: MediaLimits = {
  longestSongSeconds: 30 * 60,
  shortestSongSeconds: 0.1,
  largestUploadBytes: 500_000_000,
  mostChannels: 8,
  minRateHz: 4000,
  maxRateHz: 384_000,
  largestPcmBytes: 3_500_000_000,
};

export interface MediaDependencies {
  readonly blobs: BlobStore;
  readonly tools: MediaTools;
  /** Where private folders are made, one per piece of work. */
  readonly scratchDir: string;
  readonly limits: MediaLimits;
  readonly reportProgress: ReportProgress;
  readonly log: Logger;
}
