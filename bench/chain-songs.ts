/** Recorded singers in front of bands that FluidSynth plays, as loud as the band. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { arrange } from '../tools/analysis-songs/arrange.ts';
import { makeSongs } from '../tools/analysis-songs/make-songs.ts';
import { planSong } from '../tools/analysis-songs/song-plan.ts';
import type { PartName } from '../tools/analysis-songs/song-form.ts';
import { USUAL_SOUND_FONTS } from '../tools/analysis-songs/sound-fonts.ts';
import type { ScoredNote } from './note-score.ts';
import { fetchSingers } from './quality-songs.ts';
import { add, decodeStereo, energy, peak, RATE_HZ, scale } from './stereo.ts';
import type { Stereo } from './stereo.ts';

export interface ChainSong {
  readonly name: string;
  readonly vocals: Stereo;
  readonly mix: Stereo;
  /** What the band's bass plays, and whoever plays chords. */
  readonly played: Readonly<Record<BandPart, readonly ScoredNote[]>>;
}

export const BAND_PARTS = ['guitar', 'bass'] as const;
export type BandPart = (typeof BAND_PARTS)[number];

export interface ChainSongsWanted {
  /** Bands are rendered into it. */
  readonly folder: string;
  /** Keeps what has to be fetched. */
  readonly cacheDir: string;
  readonly songs: number;
  readonly tell: (line: string) => void;
}

const SEED = 6;
const PEAK = 0.9;
const LONGEST_SECONDS = 24;
/** The band before and behind the singer. */
const ALONE_SECONDS = 0.5;
/** Where in its song the band is met: behind the introduction, if there is one. */
const BAND_FROM_SECONDS = 10;

/** Each band has one of the singers, in turn. */
export async function* chainSongs({ folder, cacheDir, songs, tell }: ChainSongsWanted): AsyncGenerator<ChainSong> {
  const singers: Stereo[] = [];
  for (const path of await fetchSingers(join(cacheDir, 'bench', 'separation-quality'))) {
    singers.push(await decodeStereo(path, { fromSeconds: 0, seconds: LONGEST_SECONDS }));
  }
  const bands = join(folder, 'bands');
  await mkdir(bands, { recursive: true });
  await makeSongs({ seed: SEED, count: songs, soundFonts: USUAL_SOUND_FONTS, folder: bands, cacheDir, tell });
  for (let number = 0; number < songs; number++) {
    const name = String(number).padStart(2, '0');
    const sung = amongSilence(singers[number % singers.length]!);
    const band = await decodeStereo(join(bands, `${name}.wav`), {
      fromSeconds: BAND_FROM_SECONDS,
      seconds: sung[0].length / RATE_HZ,
    });
    const vocals = scale(sung, Math.sqrt(energy(band) / energy(sung)));
    const level = PEAK / peak(add(vocals, band));
    const played = playedNotes(number, sung[0].length / RATE_HZ);
    yield { name: `band ${name}`, vocals: scale(vocals, level), mix: scale(add(vocals, band), level), played };
  }
}

function playedNotes(number: number, seconds: number): ChainSong['played'] {
  const { notes } = arrange(planSong(SEED, number));
  const within = notes
    .map((note) => ({ ...note, startSeconds: note.startSeconds - BAND_FROM_SECONDS }))
    .filter(({ startSeconds }) => startSeconds >= 0 && startSeconds < seconds);
  const of = (wanted: PartName): ScoredNote[] => within.filter(({ part }) => part === wanted);
  return { guitar: of('comping'), bass: of('bass') };
}

function amongSilence(sung: Stereo): Stereo {
  const margin = ALONE_SECONDS * RATE_HZ;
  const padded = (channel: Float32Array): Float32Array => {
    const longer = new Float32Array(channel.length + 2 * margin);
    longer.set(channel, margin);
    return longer;
  };
  return [padded(sung[0]), padded(sung[1])];
}
