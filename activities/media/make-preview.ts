import { join } from 'node:path';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { decodeAudio } from '../../runtime/media/decode.ts';
import { encodeVoice } from '../../runtime/media/encode.ts';
import type { Cut } from '../../runtime/media/encode.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import { createLoudnessProfile } from './loudest-part.ts';
import type { LoudnessProfile } from './loudest-part.ts';
import type { MediaDependencies } from './media-dependencies.ts';
import { ownAudioFailure } from './media-refusal.ts';
import { withScratchFolder } from './scratch-folder.ts';

const PREVIEW_SECONDS = 20;
/** Discord draws no more. */
const WAVEFORM_COLUMNS = 256;
/** Twenty seconds at 64 kbit/s are 160 kB. */
const LARGEST_PREVIEW_BYTES = 1_000_000;

export function createMakePreview(deps: MediaDependencies): MediaActivities['makePreview'] {
  return async ({ stem: { name, pcm } }) =>
    await withScratchFolder(deps.scratchDir, async (cwd) => {
      try {
        return await deps.blobs.withFile(pcm.key, async (wavPath) => {
          const profile = await profileOf(deps, pcm, wavPath, cwd);
          const soundSeconds = profile.samples / pcm.rateHz;
          const seconds = Math.min(PREVIEW_SECONDS, soundSeconds);
          const cut = { startSeconds: profile.loudestStart(PREVIEW_SECONDS), seconds };
          const blob = await voiceOf(deps, pcm, { wavPath, cwd, cut });
          const peaks = profile.peaks(cut.startSeconds, cut.seconds, WAVEFORM_COLUMNS);
          return {
            file: { name, fileName: `${name}-preview.ogg`, blob },
            durationSeconds: seconds,
            waveformBase64: Buffer.from(peaks).toString('base64'),
          };
        });
      } catch (error) {
        throw ownAudioFailure(error);
      }
    });
}

async function profileOf(
  deps: MediaDependencies,
  { rateHz, channels, samples }: PcmBlob,
  path: string,
  cwd: string,
): Promise<LoudnessProfile> {
  const profile = createLoudnessProfile({ rateHz, channels });
  await decodeAudio(
    deps.tools,
    { path, demuxer: 'wav', skipBytes: 0 },
    {
      cwd,
      streamIndex: 0,
      maxSeconds: Math.ceil(samples / rateHz) + 1,
      timeoutMs: 600_000,
      cpuSeconds: 300,
      signal: cancellationSignal(),
      async take(block) {
        profile.push(block);
        heartbeat();
        await Promise.resolve();
      },
    },
  );
  return profile;
}

async function voiceOf(
  { blobs, tools }: MediaDependencies,
  pcm: PcmBlob,
  { wavPath, cwd, cut }: { readonly wavPath: string; readonly cwd: string; readonly cut: Cut },
): Promise<StoredBlob> {
  const key = `encoded/${pcm.sha256}/preview-v1.ogg`;
  const existing = await blobs.head(key);
  if (existing === null) {
    const outPath = join(cwd, 'preview.ogg');
    const signal = cancellationSignal();
    await encodeVoice(tools, { wavPath, outPath, cwd, cut, shape: pcm, signal, maxBytes: LARGEST_PREVIEW_BYTES });
    return await blobs.putFile(key, outPath, { consume: true });
  }
  return { key: existing.key, bytes: existing.bytes, sha256: existing.sha256 };
}
