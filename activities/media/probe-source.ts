import { cancellationSignal } from '@temporalio/activity';
import { DECODERS } from '../../runtime/media/ffmpeg.ts';
import { probeAudioStreams } from '../../runtime/media/ffprobe.ts';
import type { ProbedStream } from '../../runtime/media/ffprobe.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { ProbedSource } from '../../workflows/contract/recording.ts';
import type { MediaDependencies, MediaLimits } from './media-dependencies.ts';
import {
  longestSeconds,
  mediaFailure,
  RATES_HZ,
  refuseTooLarge,
  refuseTooLong,
  refuseTooShort,
} from './media-refusal.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { sniffAudio } from './sniff-audio.ts';
import type { Sniffed } from './sniff-audio.ts';

type Audio = Extract<Sniffed, { kind: 'audio' }>;

// Above what MP3 (320) and AAC in ADTS frames reach, so that the shortest possible length follows from the size.
const HIGHEST_FRAME_BIT_RATE = 640_000;

export function createProbeSource(deps: MediaDependencies): MediaActivities['probeSource'] {
  return async ({ jobId, source }) => {
    await deps.reportProgress({ jobId, stage: 'read', fraction: 0, line: 'Looking at the file' });
    if (source.bytes === 0) refuse('empty-file');
    if (source.bytes > deps.limits.largestUploadBytes) refuseTooLarge(source.bytes, deps.limits);
    return deps.blobs.withFile(source.key, async (path) => {
      const sniffed = requireAudio(await sniffAudio(path));
      const stream = await withScratchFolder(deps.scratchDir, async (cwd) => {
        const input = { path, demuxer: sniffed.demuxer, skipBytes: sniffed.skipBytes };
        return chooseStream(await probe(deps, input, cwd));
      });
      const probed = describe(sniffed, stream, source.bytes);
      checkLimits(probed, source.bytes - sniffed.skipBytes, deps.limits);
      return probed;
    });
  };
}

async function probe(
  deps: MediaDependencies,
  input: Parameters<typeof probeAudioStreams>[1],
  cwd: string,
): Promise<readonly ProbedStream[]> {
  try {
    return await probeAudioStreams(deps.tools, input, { cwd, signal: cancellationSignal() });
  } catch (error) {
    throw mediaFailure(error);
  }
}

/** Thrown: `empty-file`, `protected-audio`, `unreadable-audio`, `not-audio`. */
function requireAudio(sniffed: Sniffed): Audio {
  switch (sniffed.kind) {
    case 'audio':
      return sniffed;
    case 'empty':
      return refuse('empty-file');
    case 'protected':
      return refuse('protected-audio');
    case 'unread':
      return refuse('unreadable-audio', { format: sniffed.format });
    case 'other':
      return refuse('not-audio', { format: sniffed.format });
  }
}

/** The stream that a player would play: the default one, else the first that can be decoded. */
function chooseStream(streams: readonly ProbedStream[]): ProbedStream {
  if (streams.length === 0) refuse('no-audio-stream');
  if (streams.some((stream) => /^(?:drms|enca|aavd)$/u.test(stream.codecTag))) refuse('protected-audio');
  const readable = streams.filter((stream) => DECODERS.includes(stream.codec));
  const chosen = readable.find((stream) => stream.isDefault) ?? readable[0];
  return chosen ?? refuse('unreadable-audio', { format: streams[0]?.codec ?? 'unknown' });
}

function describe(sniffed: Audio, stream: ProbedStream, bytes: number): ProbedSource {
  return {
    demuxer: sniffed.demuxer,
    codec: stream.codec,
    streamIndex: stream.index,
    claimedSeconds: sniffed.statesLength ? boundedClaim(stream, bytes) : null,
    rateHz: stream.rateHz,
    channels: stream.channels,
  };
}

/** Uncompressed audio cannot be longer than its file, whatever the header of a stream that was never finished says. */
function boundedClaim({ claimedSeconds, codec, channels, rateHz }: ProbedStream, bytes: number): number | null {
  const bits = /^pcm_[a-z](?<bits>\d+)/u.exec(codec)?.groups?.['bits'];
  if (claimedSeconds === null || bits === undefined || channels === 0 || rateHz === 0) return claimedSeconds;
  return Math.min(claimedSeconds, (bytes * 8) / (Number(bits) * channels * rateHz));
}

/** Thrown: `too-many-channels`, `unsupported-rate`, `too-long`, `too-short`. */
function checkLimits(probed: ProbedSource, audioBytes: number, limits: MediaLimits): void {
  const { channels, rateHz, claimedSeconds } = probed;
  if (channels > limits.mostChannels)
    refuse('too-many-channels', { foundChannels: channels, limitChannels: limits.mostChannels });
  if (channels < 1) refuse('unreadable-audio');
  if (!Number.isInteger(rateHz) || rateHz < RATES_HZ.lowest || rateHz > RATES_HZ.highest) {
    refuse('unsupported-rate', { foundHz: rateHz, lowestHz: RATES_HZ.lowest, highestHz: RATES_HZ.highest });
  }
  const longest = longestSeconds(limits, rateHz, channels);
  const shortestPossible = claimedSeconds ?? (audioBytes * 8) / HIGHEST_FRAME_BIT_RATE;
  if (shortestPossible > longest) refuseTooLong(shortestPossible, longest);
  if (claimedSeconds !== null && claimedSeconds < limits.shortestSongSeconds) refuseTooShort(claimedSeconds, limits);
}
