import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { renderSong } from './render-song.ts';
import type { BandKind } from './song-plan.ts';
import { findSynthesizer } from './sound-fonts.ts';
import type { SoundFontName } from './sound-fonts.ts';

/** Names have two digits. */
export const MOST_SONGS = 100;

export interface SongsWanted {
  readonly seed: number;
  readonly count: number;
  /** `styled` unless it is given. */
  readonly band?: BandKind;
  /** They take turns. */
  readonly soundFonts: readonly SoundFontName[];
  readonly folder: string;
  /** Keeps what has to be fetched. */
  readonly cacheDir: string;
  readonly tell: (line: string) => void;
}

/** Writes songs 0 to `count` - 1 of a seed into `folder`: `NN.wav`, `NN.mid` and the truth `NN.json`. */
export async function makeSongs(wanted: SongsWanted): Promise<void> {
  const { seed, count, band = 'styled', soundFonts, folder, cacheDir, tell } = wanted;
  if (count > MOST_SONGS) throw new RangeError(`at most ${String(MOST_SONGS)} songs`);
  await mkdir(folder, { recursive: true });
  const synthesizer = await findSynthesizer(join(cacheDir, 'sound-fonts'), soundFonts);
  for (let number = 0; number < count; number += 1) {
    const soundFont = soundFonts[number % soundFonts.length];
    if (soundFont === undefined) throw new RangeError('songs need a sound font');
    await renderSong(synthesizer, folder, { seed, number, band, soundFont });
    tell(`song ${String(number + 1)} of ${String(count)}`);
  }
}
