/**
 * Whether separating first pays: the notes of a singer in front of a band, heard in the mix and in the vocal stem that Woodshed makes
 * of it, against the notes heard in the singer's own recording; and those of the band's chords and bass, heard in the mix and in what is left
 * without voice and drums, against the notes that they play.
 */
import { join } from 'node:path';
import { partNotes } from '../activities/tab/part-notes.ts';
import { createEngine } from '../gpu-worker/engine/engine.ts';
import type { Engine } from '../gpu-worker/engine/engine.ts';
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
import type { Quality } from '../workflows/contract/request.ts';
import { BAND_PARTS, chainSongs } from './chain-songs.ts';
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

/** A part with fewer notes says nothing. */
const LEAST_NOTES = 8;

export async function chainFigures(bench: ChainBench): Promise<Figure[]> {
  const engine = createEngine({ threads: bench.threads });
  const scores = new Map<string, number[]>();
  try {
    for await (const { name, vocals, mix, played } of chainSongs(bench)) {
      const wanted = await notesOf(bench, engine, vocals);
      const inMix = await notesOf(bench, engine, mix);
      const row: Record<string, number> = { mix: noteF1(inMix, wanted) };
      const parts: Record<string, readonly HeardNote[]> = { mix: inMix };
      for (const quality of QUALITIES) {
        const stems = await stemsOf(CHAIN_SEPARATOR, quality, mix, bench);
        const voice = stems['vocals']!;
        row[quality] = noteF1(await notesOf(bench, engine, voice), wanted);
        row[`${quality}.singer`] = noteF1(await notesOf(bench, engine, voice, SINGER), wanted);
        const { harmonic } = await stemsOf('hpss', quality, stems['accompaniment']!, bench);
        parts[quality] = await notesOf(bench, engine, harmonic!);
      }
      for (const part of BAND_PARTS) {
        if (played[part].length < LEAST_NOTES) continue;
        for (const [where, notes] of Object.entries(parts)) {
          row[`${part}.${where}`] = noteF1(partNotes(notes, part).own, played[part]);
        }
      }
      for (const [what, score] of Object.entries(row)) scores.set(what, [...(scores.get(what) ?? []), score]);
      const told = Object.entries(row).map(([what, score]) => `${what} ${score.toFixed(2)}`);
      bench.tell(`${name}: ${String(wanted.length)} notes; F1 ${told.join(', ')}`);
    }
  } finally {
    await engine.close();
  }
  return [...scores].flatMap(([what, each]) => {
    const mean = each.reduce((sum, score) => sum + score, 0) / each.length;
    return [ownFigure(`chain.${what}`, 'F1', mean), ownFigure(`chain.${what}.lowest`, 'F1', Math.min(...each))];
  });
}

async function stemsOf(
  id: string,
  quality: Quality,
  mix: Stereo,
  { separatorPaths }: ChainBench,
): Promise<Readonly<Record<string, Stereo>>> {
  const separator = SEPARATORS.get(id)!.create(new Map([[CHAIN_SEPARATOR, separatorPaths]]), quality);
  const stems = await separateSong(separator, mix);
  return Object.fromEntries(
    separator.slots.map((slot, index) => {
      const [left, right] = stems[index]!;
      return [slot, [Float32Array.from(left!), Float32Array.from(right!)] as const];
    }),
  );
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
