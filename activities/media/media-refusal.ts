// The words of the contract for what can be wrong with a file. Facts are numbers that the sentence may use.
import { MediaToolError } from '../../runtime/media/ffmpeg.ts';
import { refusal, refuse } from '../../workflows/contract/failure.ts';
import type { MediaLimits } from './media-dependencies.ts';

const BYTES_PER_MEGABYTE = 1_000_000;
const LARGEST_PCM_BYTES = 3_500_000_000;
/** Below telephone quality there is no music to separate; above are no recorders. */
export const RATES_HZ = { lowest: 4000, highest: 384_000 } as const;

export function refuseTooLarge(bytes: number, limits: MediaLimits): never {
  return refuse('too-large', {
    foundMegabytes: Math.ceil(bytes / BYTES_PER_MEGABYTE),
    limitMegabytes: Math.floor(limits.largestUploadBytes / BYTES_PER_MEGABYTE),
  });
}

/** `seconds` is what the file claims; null where only its decoding showed that it goes on beyond the limit. */
export function refuseTooLong(seconds: number | null, limitSeconds: number): never {
  return refuse('too-long', {
    limitMinutes: Math.round(limitSeconds / 6) / 10,
    ...(seconds === null ? {} : { foundMinutes: Math.ceil(seconds / 6) / 10 }),
  });
}

export function refuseTooShort(seconds: number, limits: MediaLimits): never {
  return refuse('too-short', {
    foundSeconds: Math.round(seconds * 1000) / 1000,
    limitSeconds: limits.shortestSongSeconds,
  });
}

/** Longest song at this rate and with so many channels, in seconds: the limit of time or that of disk, whichever is lower. */
export function longestSeconds(limits: MediaLimits, rateHz: number, channels: number): number {
  return Math.min(
    limits.longestSongSeconds,
    Math.floor((limits.largestPcmBytes ?? LARGEST_PCM_BYTES) / (rateHz * channels * 4)),
  );
}

/**
 * What to throw for what a media tool or the disk threw over a musician's file. A limit that is about the file is the file's fault
 * and not tried again; a stop from outside or by the wall clock may be the machine's.
 */
export function mediaFailure(error: unknown): unknown {
  if (!(error instanceof MediaToolError)) return ownAudioFailure(error);
  const mayPass = error.killedBy === 'outside' || error.killedBy === 'timeout';
  return mayPass ? error : refusal('unreadable-audio');
}

/** The same over audio of our own making: a tool that fails on that is our bug and never the musician's file. */
export function ownAudioFailure(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const diskFull = code === 'ENOSPC' || code === 'EDQUOT';
  const toolDiskFull = error instanceof MediaToolError && error.complaint.includes('No space left on device');
  return diskFull || toolDiskFull ? refusal('no-space') : error;
}
