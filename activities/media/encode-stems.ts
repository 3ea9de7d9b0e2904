import { join } from 'node:path';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { encodeAudio, encodedShape } from '../../runtime/media/encode.ts';
import type { EncodeTarget } from '../../runtime/media/encode.ts';
import type { Encoding, ResultFile } from '../../workflows/contract/delivery.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import type { StemFormat } from '../../workflows/contract/request.ts';
import type { DeliveredFile, FinishedStem } from '../../workflows/contract/stems.ts';
import type { MediaDependencies } from './media-dependencies.ts';
import { ownAudioFailure } from './media-refusal.ts';
import { withScratchFolder } from './scratch-folder.ts';

const ENCODED_AT_ONCE = 2;
/** The key of a stem in an encoding. The version is raised whenever the encoders' settings change. */
export function encodedKey(pcmSha256: string, { format, kbps }: EncodeTarget): string {
  return `encoded/${pcmSha256}/${format}${kbps === null ? '' : `-${String(kbps)}`}-v2.${format}`;
}

export function createEncodeStems(deps: MediaDependencies): MediaActivities['encodeStems'] {
  return async ({ jobId, stems, encoding }) => {
    const { format } = encoding;
    for (const line of formatNotes(stems, format))
      await deps.reportProgress({ jobId, stage: 'encode', fraction: 0, line });
    let done = 0;
    const blobs = await inParallel(stems, ENCODED_AT_ONCE, async (stem) => {
      const blob = await inEncoding(deps, stem.pcm, encoding);
      done += 1;
      heartbeat({ fraction: done / stems.length });
      await deps.reportProgress({ jobId, stage: 'encode', fraction: done / stems.length });
      return blob;
    });
    const sounds = stems.map(({ name, pcm }, index): ResultFile => ({
      ...file(name, `${name}.${format}`, blobs[index]),
      kind: 'sound',
      durationSeconds: pcm.samples / pcm.rateHz,
    }));
    const pictures = stems.map(({ name, waveform }): ResultFile => ({
      ...file(name, `${name}.png`, waveform),
      kind: 'picture',
      durationSeconds: null,
    }));
    return [...sounds, ...pictures];
  };
}

function file(name: string, fileName: string, blob: StoredBlob | undefined): DeliveredFile {
  if (blob === undefined) throw new Error(`no blob for ${fileName}`);
  return { name, fileName, blob: { key: blob.key, bytes: blob.bytes, sha256: blob.sha256 } };
}

/** What the format cannot carry of these stems, in words for the card. */
function formatNotes(stems: readonly FinishedStem[], format: StemFormat): string[] {
  const [first] = stems;
  if (format === 'wav' || first === undefined) return [];
  const shape = encodedShape(format, first.pcm);
  const notes: string[] = [];
  if (shape.rateHz !== first.pcm.rateHz)
    notes.push(`${format} at ${String(shape.rateHz)} Hz, as it has no ${String(first.pcm.rateHz)} Hz`);
  if (shape.channels !== first.pcm.channels)
    notes.push(`${format} mixed down to stereo; WAV and FLAC keep all channels`);
  if (format === 'flac' && stems.some((stem) => (stem.peakDbtp ?? 0) > 0))
    notes.push('FLAC cuts peaks above full scale; WAV keeps them');
  return notes;
}

async function inEncoding(deps: MediaDependencies, pcm: PcmBlob, encoding: Encoding): Promise<StoredBlob> {
  const target = targetOf(encoding);
  if (target === null) return pcm;
  const key = encodedKey(pcm.sha256, target);
  const existing = await deps.blobs.head(key);
  if (existing !== null) return existing;
  return withScratchFolder(deps.scratchDir, async (cwd) => {
    const outPath = join(cwd, `stem.${target.format}`);
    const signal = cancellationSignal();
    const onProgress = (): void => heartbeat();
    // Even noise grows by no more than a few header bytes a frame; low rates with many bits a second may grow to twice as much.
    const limits = { maxBytes: 2 * pcm.bytes + 1_000_000, shape: pcm };
    try {
      await deps.blobs.withFile(pcm.key, (wavPath) =>
        encodeAudio(deps.tools, { wavPath, outPath, target, cwd, signal, onProgress, ...limits }),
      );
    } catch (error) {
      throw ownAudioFailure(error);
    }
    return deps.blobs.putFile(key, outPath, { consume: true });
  });
}

/** Null for what a stem is already. */
function targetOf({ format, kbps }: Encoding): EncodeTarget | null {
  if (format === 'wav') return null;
  if (format === 'flac') return { format, kbps: null };
  if (kbps === null) throw new RangeError(`${format} needs a bit rate`);
  return { format, kbps };
}

/** Maps with at most `width` at work; after a failure no new one starts, and it waits for those at work. */
async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failed = false;
  const lanes = Array.from({ length: width }, async () => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  });
  const outcomes = await Promise.allSettled(lanes);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}
