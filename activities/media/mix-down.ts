/** A mix as somebody set it in the player, as one file. Levels are as they were set: nothing is made louder or quieter beside them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { encodeAudio } from '../../runtime/media/encode.ts';
import { mixAudio } from '../../runtime/media/mix.ts';
import type { MixPart } from '../../runtime/media/mix.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import type { MediaDependencies } from './media-dependencies.ts';
import { ownAudioFailure } from './media-refusal.ts';
import { withScratchFolder } from './scratch-folder.ts';

const LOSSY_KBPS = { opus: 192, mp3: 320 } as const;
const HEADROOM_BYTES = 1_000_000;
/** Raised whenever the same mix comes out otherwise. */
const VERSION = 1;

export function createMixDown(deps: MediaDependencies): MediaActivities['mixDown'] {
  return async ({ renderingId, stems, gains, format }) => {
    const heard = stems.filter(({ name }) => (gains[name] ?? 0) > 0);
    const [first] = heard;
    if (first === undefined) throw new RangeError('a mix needs a stem that is heard');
    const key = mixKey(heard, gains, format);
    const existing = await deps.blobs.head(key);
    if (existing !== null) return made(existing);
    try {
      return await withScratchFolder(deps.scratchDir, async (cwd) => {
        const signal = cancellationSignal();
        const onProgress = (): void => heartbeat();
        const mixPath = join(cwd, 'mix.wav');
        const largest = Math.max(...heard.map(({ pcm }) => pcm.bytes)) + HEADROOM_BYTES;
        await withFiles(deps.blobs, heard, async (paths) => {
          const parts = paths.map((wavPath, index): MixPart => ({ wavPath, gain: gainOf(heard[index], gains) }));
          await mixAudio(deps.tools, { parts, outPath: mixPath, cwd, maxBytes: largest, signal, onProgress });
        });
        await deps.reportRendering(renderingId, 0.5);
        if (format === 'wav') return made(await deps.blobs.putFile(key, mixPath, { consume: true }));
        const outPath = join(cwd, `out.${format}`);
        const target = format === 'flac' ? ({ format, kbps: null } as const) : { format, kbps: LOSSY_KBPS[format] };
        const limits = { maxBytes: 2 * largest, shape: first.pcm };
        await encodeAudio(deps.tools, { wavPath: mixPath, outPath, target, cwd, signal, onProgress, ...limits });
        return made(await deps.blobs.putFile(key, outPath, { consume: true }));
      });
    } catch (error) {
      throw ownAudioFailure(error);
    }
  };
}

function made({ key, bytes, sha256 }: StoredBlob): { readonly blob: StoredBlob; readonly held: readonly StoredBlob[] } {
  const blob = { key, bytes, sha256 };
  return { blob, held: [blob] };
}

function gainOf(stem: FinishedStem | undefined, gains: Readonly<Record<string, number>>): number {
  return gains[stem?.name ?? ''] ?? 0;
}

function mixKey(stems: readonly FinishedStem[], gains: Readonly<Record<string, number>>, format: string): string {
  const parts = stems.map(({ name, pcm }) => [pcm.sha256, gains[name]]);
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `mixes/${hash}-v${String(VERSION)}.${format}`;
}

/** All of them at once. */
async function withFiles<T>(
  blobs: BlobStore,
  stems: readonly FinishedStem[],
  use: (paths: readonly string[]) => Promise<T>,
  opened: readonly string[] = [],
): Promise<T> {
  const next = stems[opened.length];
  if (next === undefined) return await use(opened);
  return await blobs.withFile(next.pcm.key, async (path) => await withFiles(blobs, stems, use, [...opened, path]));
}
