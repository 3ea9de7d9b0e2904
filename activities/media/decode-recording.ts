import { join } from 'node:path';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { bestResampler, decodeAudio, resampleAudio } from '../../runtime/media/decode.ts';
import type { TakeSamples } from '../../runtime/media/decode.ts';
import { MediaToolError } from '../../runtime/media/ffmpeg.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { PcmBlob, ProbedSource } from '../../workflows/contract/recording.ts';
import { decodingProgress } from './decoding-progress.ts';
import { createWavWriter, HEADER_BYTES, parseWavHeader } from './float-wav.ts';
import type { WavWriter } from './float-wav.ts';
import type { MediaDependencies } from './media-dependencies.ts';
import { longestSeconds, mediaFailure, ownAudioFailure, refuseTooLong, refuseTooShort } from './media-refusal.ts';
import { padChannels } from './pad-channels.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { snapToGrid } from './snap-to-grid.ts';
import { sniffAudio } from './sniff-audio.ts';

const WORKING_RATE_HZ = 44_100;
/** Less than this of a damaged recording is not worth anyone's time. */
const SHORTEST_FRAGMENT_SECONDS = 1;
const LIMITS_OF_TOOLS = { timeoutMs: 600_000, cpuSeconds: 120 };

/** Keys of a recording's PCM. The version is raised whenever the code changes any sample. */
export function pcmKeys(sha256: string): { readonly canonical: string; readonly working: string } {
  return { canonical: `pcm/${sha256}/canonical-v1.wav`, working: `pcm/${sha256}/working-v1.wav` };
}

export function createDecodeRecording(deps: MediaDependencies): MediaActivities['decodeRecording'] {
  return async ({ jobId, source, probed }) => {
    const keys = pcmKeys(source.sha256);
    const canonical = (await existingPcm(deps, keys.canonical)) ?? (await decodeCanonical(deps, jobId, source, probed));
    const working = fitsWork(canonical)
      ? canonical
      : ((await existingPcm(deps, keys.working)) ?? (await makeWorking(deps, canonical, keys.working)));
    await deps.reportProgress({ jobId, stage: 'read', fraction: 1 });
    const { sha256, title } = source;
    return { sha256, title, durationSeconds: canonical.samples / canonical.rateHz, canonical, working };
  };
}

function fitsWork(pcm: PcmBlob): boolean {
  return pcm.rateHz === WORKING_RATE_HZ && pcm.channels % 2 === 0;
}

async function existingPcm({ blobs }: MediaDependencies, key: string): Promise<PcmBlob | null> {
  const blob = await blobs.head(key);
  if (blob === null || blob.bytes < HEADER_BYTES) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(key, { start: 0, end: HEADER_BYTES - 1 })) pieces.push(piece);
  const shape = parseWavHeader(Buffer.concat(pieces));
  if (shape === null || blob.bytes !== HEADER_BYTES + shape.samples * shape.channels * 4) return null;
  return { ...blob, ...shape };
}

async function decodeCanonical(
  deps: MediaDependencies,
  ...[jobId, source, probed]: [string, Parameters<MediaActivities['decodeRecording']>[0]['source'], ProbedSource]
): Promise<PcmBlob> {
  const { rateHz, channels } = probed;
  return withScratchFolder(deps.scratchDir, async (cwd) => {
    const path = join(cwd, 'canonical.wav');
    await using writer = await createWavWriter(path, { rateHz, channels });
    const sound = await deps.blobs.withFile(source.key, (file) => decodeInto(deps, jobId, file, probed, writer, cwd));
    const shape = await writer.finish();
    const seconds = shape.samples / rateHz;
    judgeDecoded(deps, seconds, sound);
    const line = soundnessLine(seconds, probed.claimedSeconds, sound);
    if (line !== null) await deps.reportProgress({ jobId, stage: 'read', fraction: 0.9, line });
    return { ...(await deps.blobs.putFile(pcmKeys(source.sha256).canonical, path, { consume: true })), ...shape };
  });
}

interface Soundness {
  /** Why the decoder stopped before the end; null where it reached it. */
  readonly stopped: MediaToolError | null;
  readonly complaint: string;
  readonly mendedSamples: number;
}

async function decodeInto(
  deps: MediaDependencies,
  jobId: string,
  path: string,
  probed: ProbedSource,
  writer: WavWriter,
  cwd: string,
): Promise<Soundness> {
  const sniffed = await sniffAudio(path);
  if (sniffed.kind !== 'audio' || sniffed.demuxer !== probed.demuxer) refuse('unreadable-audio');
  const { streamIndex, rateHz, channels, claimedSeconds } = probed;
  const longest = longestSeconds(deps.limits, rateHz, channels);
  const progress = decodingProgress(deps, jobId, claimedSeconds);
  let mendedSamples = 0;
  const take: TakeSamples = async (samples) => {
    mendedSamples += snapToGrid(samples);
    await writer.write(samples);
    if (writer.samples > longest * rateHz) refuseTooLong(null, longest);
    heartbeat();
    progress.advance(writer.samples / rateHz);
  };
  try {
    const complaint = await decodeAudio(
      deps.tools,
      { path, demuxer: sniffed.demuxer, skipBytes: sniffed.skipBytes },
      { ...LIMITS_OF_TOOLS, cwd, streamIndex, maxSeconds: longest + 1, take, signal: cancellationSignal() },
    );
    return { stopped: null, complaint, mendedSamples };
  } catch (error) {
    const failure = mediaFailure(error);
    // What was decoded before the damage may still be worth having; a stop that may pass is tried again instead.
    if (error instanceof MediaToolError && failure !== error) return { stopped: error, complaint: '', mendedSamples };
    throw failure;
  } finally {
    await progress.reported();
  }
}

function judgeDecoded({ limits, log }: MediaDependencies, seconds: number, { stopped, complaint }: Soundness): void {
  const damaged = stopped !== null || complaint !== '';
  if (damaged) log.info({ complaint: stopped?.complaint ?? complaint, seconds }, 'a recording is damaged');
  if (seconds === 0 || (stopped !== null && seconds < SHORTEST_FRAGMENT_SECONDS)) refuse('unreadable-audio');
  if (seconds < limits.shortestSongSeconds) refuseTooShort(seconds, limits);
}

/** What the musician should know about a recording that was not whole; null where it was. */
function soundnessLine(seconds: number, claimedSeconds: number | null, sound: Soundness): string | null {
  if (claimedSeconds !== null && claimedSeconds - seconds > Math.max(0.5, 0.01 * claimedSeconds)) {
    return `The file is cut short or damaged: ${seconds.toFixed(1)} s of ${claimedSeconds.toFixed(1)} s could be read`;
  }
  if (sound.stopped !== null) return `The file is damaged: the first ${seconds.toFixed(1)} s could be read`;
  if (sound.mendedSamples > 0) return `${String(sound.mendedSamples)} impossible samples were mended`;
  // ffmpeg also complains about tags behind the last frame, so its complaint alone is only logged.
  return null;
}

async function makeWorking(deps: MediaDependencies, canonical: PcmBlob, key: string): Promise<PcmBlob> {
  const { channels } = canonical;
  return withScratchFolder(deps.scratchDir, async (cwd) => {
    const path = join(cwd, 'working.wav');
    await using writer = await createWavWriter(path, { rateHz: WORKING_RATE_HZ, channels: channels + (channels % 2) });
    const pad = padChannels(channels);
    const take: TakeSamples = async (samples) => {
      await writer.write(pad(samples));
      heartbeat();
    };
    const resampler = await bestResampler(deps.tools, cwd);
    if (resampler !== 'soxr') deps.log.warn('this ffmpeg has no soxr; resampling with its own resampler');
    const run = { ...LIMITS_OF_TOOLS, cwd, rateHz: WORKING_RATE_HZ, resampler, take, signal: cancellationSignal() };
    try {
      await deps.blobs.withFile(canonical.key, (file) => resampleAudio(deps.tools, file, run));
    } catch (error) {
      throw ownAudioFailure(error);
    }
    const shape = await writer.finish();
    return { ...(await deps.blobs.putFile(key, path, { consume: true })), ...shape };
  });
}
