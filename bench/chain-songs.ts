/** Recorded singers in front of bands that FluidSynth plays, as loud as the band. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSongs } from '../tools/analysis-songs/make-songs.ts';
import { USUAL_SOUND_FONTS } from '../tools/analysis-songs/sound-fonts.ts';
import { fetchSingers } from './quality-songs.ts';
import { add, decodeStereo, energy, peak, RATE_HZ, scale } from './stereo.ts';
import type { Stereo } from './stereo.ts';

export interface ChainSong {
  readonly name: string;
  readonly vocals: Stereo;
  readonly mix: Stereo;
}

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
    yield { name: `band ${name}`, vocals: scale(vocals, level), mix: scale(add(vocals, band), level) };
  }
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
