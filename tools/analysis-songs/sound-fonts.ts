/** FluidSynth and its instruments: the machine's own, or Debian's packages unpacked into a folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../runtime/child.ts';
import { libraryPath, missingPackages, unpackedPackages } from '../debian-packages.ts';

/** Debian packages with a General MIDI set each. The first two are MIT; TimGM6mb is GPL-2 and taken only where it is asked for. */
const SOUND_FONTS = {
  fluid: { package: 'fluid-soundfont-gm', file: 'usr/share/sounds/sf2/FluidR3_GM.sf2' },
  musescore: { package: 'musescore-general-soundfont-small', file: 'usr/share/sounds/sf3/MuseScore_General_Lite.sf3' },
  timgm: { package: 'timgm6mb-soundfont', file: 'usr/share/sounds/sf2/TimGM6mb.sf2' },
} as const;
export type SoundFontName = keyof typeof SOUND_FONTS;
export const USUAL_SOUND_FONTS: readonly SoundFontName[] = ['fluid', 'musescore'];

export interface Synthesizer {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** Paths. */
  readonly soundFonts: Readonly<Partial<Record<SoundFontName, string>>>;
}

export function isSoundFontName(name: string): name is SoundFontName {
  return Object.hasOwn(SOUND_FONTS, name);
}

/**
 * What the machine lacks is fetched into `folder` (130 MB) by `apt-get download`, which needs no rights; the system stays as it is.
 *
 * @throws Error where it lacks something and is no Debian
 */
export async function findSynthesizer(folder: string, names: readonly SoundFontName[]): Promise<Synthesizer> {
  const soundFonts: Partial<Record<SoundFontName, string>> = {};
  for (const name of names) {
    const font = SOUND_FONTS[name];
    const installed = join('/', font.file);
    soundFonts[name] = existsSync(installed)
      ? installed
      : join(await unpackedPackages(folder, font.package, () => Promise.resolve([font.package])), font.file);
  }
  const program = findProgram('fluidsynth');
  if (program !== null) return { program, env: {}, soundFonts };
  const root = await unpackedPackages(folder, 'fluidsynth', programPackages);
  const env = { LD_LIBRARY_PATH: await libraryPath(root) };
  return { program: join(root, 'usr', 'bin', 'fluidsynth'), env, soundFonts };
}

/** Without a sound font, which the program wants and we have. */
async function programPackages(): Promise<readonly string[]> {
  return (await missingPackages('fluidsynth')).filter((name) => !name.endsWith('-soundfont'));
}
