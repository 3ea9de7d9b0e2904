import type { MediaDependencies } from './media-dependencies.ts';

export interface DecodingProgress {
  advance(seconds: number): void;
  /** Resolves when each report has been taken, or was not, which is logged. */
  reported(): Promise<void>;
}

/** Reports every tenth of the claimed length, so that a card is not edited for each block; decoding does not wait for the database. */
export function decodingProgress(
  { reportProgress, log }: Pick<MediaDependencies, 'reportProgress' | 'log'>,
  jobId: string,
  claimedSeconds: number | null,
): DecodingProgress {
  let nextTenth = 1;
  let reporting: Promise<void> = Promise.resolve();
  return {
    advance(seconds) {
      // The last tenth is the caller's to report, when the samples are safe.
      if (claimedSeconds === null || nextTenth > 9 || seconds < (claimedSeconds * nextTenth) / 10) return;
      const tenths = Math.min(9, Math.floor((10 * seconds) / claimedSeconds));
      nextTenth = tenths + 1;
      reporting = reporting
        .then(() => reportProgress({ jobId, stage: 'read', fraction: tenths / 10 }))
        .catch((error: unknown) => log.warn({ err: error, jobId }, 'progress was not taken'));
    },
    reported: () => reporting,
  };
}
