/** What activities of the stage `measure` have in common. */
import { Context } from '@temporalio/activity';
import type { Logger } from '../../runtime/log.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ComputeHeartbeat } from '../../workflows/contract/compute-activities.ts';
import type { JobStage, ReportProgress } from '../../workflows/contract/job.ts';
import type { MeasureThreads } from '../measure/measure-threads.ts';

export interface MeasureDeps {
  readonly blobs: BlobStore;
  readonly threads: MeasureThreads;
  readonly reportProgress: ReportProgress;
  /** On the blob folder's file system where there is one: finished files are then renamed, not copied. */
  readonly scratchDir: string;
  /** What `gainDb` aims at; -14 by default. */
  readonly targetLoudnessLufs?: number;
  readonly log: Logger;
}

export const STREAMING_LOUDNESS_LUFS = -14;
const LOUDEST_PEAK_DBTP = -1;

/** In dB, to the target without passing -1 dBTP; null for silence. */
export function gainTo(
  targetLufs: number,
  { loudnessLufs, peakDbtp }: { readonly loudnessLufs: number | null; readonly peakDbtp: number | null },
): number | null {
  if (loudnessLufs === null || peakDbtp === null) return null;
  return Math.min(targetLufs - loudnessLufs, LOUDEST_PEAK_DBTP - peakDbtp);
}

export interface Progress {
  /** Heartbeats; reports every tenth, one at a time. */
  readonly advance: (fraction: number) => void;
  /** Resolves when the last report has been taken, or failed. */
  reported(): Promise<void>;
}

/** Within an activity. @param stage whose fraction it is */
export function createMeasureProgress(
  { reportProgress, log }: Pick<MeasureDeps, 'reportProgress' | 'log'>,
  jobId: string,
  stage: JobStage = 'measure',
): Progress {
  const context = Context.current();
  let chunk = 0;
  let tenths = 0;
  let reports: Promise<void> = Promise.resolve();
  return {
    advance(fraction) {
      chunk += 1;
      context.heartbeat({ fraction, chunk } satisfies ComputeHeartbeat);
      if (Math.floor(fraction * 10) <= tenths) return;
      tenths = Math.floor(fraction * 10);
      reports = reports
        .then(() => reportProgress({ jobId, stage, fraction }))
        .catch((error: unknown) => log.warn({ err: error, jobId }, 'progress was not taken'));
    },
    reported: () => reports,
  };
}
