/**
 * Whether separating first pays: the notes of a singer in front of a band, heard in the mix and in the vocal stem that Woodshed makes
 * of it, against the notes heard in the singer's own recording.
 */
import { join } from 'node:path';
import { createEngine } from '../gpu-worker/engine/engine.ts';
import type { Engine } from '../gpu-worker/engine/engine.ts';
import type { Separator } from '../gpu-worker/models/separator.ts';
import { decodeMono } from '../gpu-worker/wav/decode-mono.ts';
import { hearNotes } from '../gpu-worker/notes/hear-notes.ts';
import { NOTE_RATE_HZ } from '../gpu-worker/notes/note-grid.ts';
import type { NoteOptions } from '../gpu-worker/notes/note-options.ts';
import { SEPARATORS } from '../gpu-worker/separators/registry.ts';
import { separateSong } from '../gpu-worker/separators/run-windows.test-kit.ts';
import { createWavWriter } from '../gpu-worker/wav/write-wav.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import type { HeardNote } from '../workflows/contract/notes.ts';
import { QUALITIES } from '../workflows/contract/request.ts';
import { chainSongs } from './chain-songs.ts';
import { ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';
import { noteF1 } from './note-score.ts';
import { RATE_HZ } from './stereo.ts';
import type { Stereo } from './stereo.ts';

export const CHAIN_SEPARATOR = 'spleeter-2stems';

export interface ChainBench {
  /** Private. */
  readonly folder: string;
  readonly cacheDir: string;
  readonly tools: MediaTools;
  readonly threads: number;
  /** The network that hears notes. */
  readonly modelPath: string;
  readonly separatorPaths: readonly string[];
  readonly songs: number;
  readonly tell: (line: string) => void;
}

/** A person sings one note at a time, from E2 to C6. */
const SINGER: Partial<NoteOptions> = { voices: 'one', pitchRange: { lowest: 40, highest: 84 } };

export async function chainFigures(bench: ChainBench): Promise<Figure[]> {
  const engine = createEngine({ threads: bench.threads });
  const rows: Record<string, number>[] = [];
  try {
    for await (const { name, vocals, mix } of chainSongs(bench)) {
      const wanted = await notesOf(bench, engine, vocals);
      const row: Record<string, number> = { mix: noteF1(await notesOf(bench, engine, mix), wanted) };
      for (const quality of QUALITIES) {
        const separator = SEPARATORS.get(CHAIN_SEPARATOR)!.create(
          new Map([[CHAIN_SEPARATOR, bench.separatorPaths]]),
          quality,
        );
        const stem = await vocalStem(separator, mix);
        row[quality] = noteF1(await notesOf(bench, engine, stem), wanted);
        row[`${quality}.singer`] = noteF1(await notesOf(bench, engine, stem, SINGER), wanted);
      }
      rows.push(row);
      const scores = Object.entries(row).map(([what, score]) => `${what} ${score.toFixed(2)}`);
      bench.tell(`${name}: ${String(wanted.length)} notes; F1 ${scores.join(', ')}`);
    }
  } finally {
    await engine.close();
  }
  return Object.keys(rows[0] ?? {}).flatMap((what) => {
    const scores = rows.map((row) => row[what] ?? 0);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return [ownFigure(`chain.${what}`, 'F1', mean), ownFigure(`chain.${what}.lowest`, 'F1', Math.min(...scores))];
  });
}

async function vocalStem(separator: Separator, mix: Stereo): Promise<Stereo> {
  const stems = await separateSong(separator, mix);
  const [left, right] = stems[separator.slots.indexOf('vocals')] ?? [];
  if (left === undefined || right === undefined) throw new Error(`${CHAIN_SEPARATOR} has no vocals`);
  return [Float32Array.from(left), Float32Array.from(right)];
}

async function notesOf(
  bench: ChainBench,
  engine: Engine,
  signal: Stereo,
  options: Partial<NoteOptions> = {},
): Promise<readonly HeardNote[]> {
  const { folder, modelPath, tools } = bench;
  const wavPath = join(folder, 'heard.wav');
  const writer = await createWavWriter(wavPath, { rateHz: RATE_HZ, channels: 2 });
  await writer.write(signal);
  await writer.close();
  return await hearNotes(await decodeMono(tools, wavPath, { rateHz: NOTE_RATE_HZ, channels: 2, folder }), options, {
    engine,
    modelPath,
    folder,
  });
}
