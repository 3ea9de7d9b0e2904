/** FluidSynth and its instruments: the machine's own, or Debian's packages unpacked into a folder. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, MINIMAL_ENVIRONMENT, runChild } from '../../runtime/child.ts';

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
  await mkdir(folder, { recursive: true });
  const soundFonts: Partial<Record<SoundFontName, string>> = {};
  for (const name of names) {
    const font = SOUND_FONTS[name];
    const installed = join('/', font.file);
    soundFonts[name] = existsSync(installed)
      ? installed
      : join(await unpacked(folder, font.package, () => Promise.resolve([font.package])), font.file);
  }
  const program = findProgram('fluidsynth');
  if (program !== null) return { program, env: {}, soundFonts };
  const root = await unpacked(folder, 'fluidsynth', () => missingPackages(folder));
  const libraries = (await readdir(join(root, 'usr', 'lib'), { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const env = { LD_LIBRARY_PATH: libraries.map(({ name }) => join(root, 'usr', 'lib', name)).join(':') };
  return { program: join(root, 'usr', 'bin', 'fluidsynth'), env, soundFonts };
}

/** The program's package and those of the libraries that the machine has not; sound fonts, which it recommends, are not among them. */
async function missingPackages(folder: string): Promise<string[]> {
  const args = ['install', '--print-uris', '-qq', '-y', '--no-install-recommends', 'fluidsynth'];
  const lines = (await run(folder, 'apt-get', args)).split('\n');
  const names = lines.flatMap((line) => / (?<name>[^\s_]+)_\S+\.deb /u.exec(line)?.groups?.['name'] ?? []);
  return names.filter((name) => !name.endsWith('-soundfont'));
}

/** A folder is there whole or not at all. */
async function unpacked(folder: string, name: string, packagesOf: () => Promise<string[]>): Promise<string> {
  const target = join(folder, name);
  if (existsSync(target)) return target;
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  await run(partial, 'apt-get', ['download', '-q', ...(await packagesOf())]);
  for (const file of await readdir(partial)) {
    if (!file.endsWith('.deb')) continue;
    await run(partial, 'dpkg', ['-x', file, '.']);
    await rm(join(partial, file));
  }
  await rename(partial, target);
  return target;
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runChild(command, args, { cwd, env: MINIMAL_ENVIRONMENT });
  if (code === 0) return stdout.toString('utf8');
  throw new Error(
    `${command} ended with ${String(code)}; install fluidsynth and its sound fonts by hand. ${stderr.slice(-400)}`,
  );
}
