/** espeak-ng, which speaks words and says when: the machine's own, or Debian's package unpacked into a folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MINIMAL_ENVIRONMENT, runChild } from '../runtime/child.ts';
import { libraryPath, missingPackages, unpackedPackages } from '../tools/debian-packages.ts';
import type { LyricSong } from './lyric-songs.ts';

const LIBRARY = 'libespeak-ng.so.1';
const PLACES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib', '/usr/local/lib'];
const SCRIPT = join(import.meta.dirname, 'speak_words.py');

export interface Speaker {
  /** Writes the song as a WAV file. @returns the second at which each word begins; null where it is not known */
  speak(song: LyricSong, wavPath: string): Promise<readonly (number | null)[]>;
}

/** @throws Error where the machine lacks it and is no Debian, or has no Python */
export async function findSpeaker(folder: string): Promise<Speaker> {
  const env = await speakerEnvironment(folder);
  return {
    async speak({ voice, wordsPerMinute, lines, sung }, out) {
      const order = JSON.stringify({ out, voice, wordsPerMinute, lines, sung });
      const { code, stdout, stderr } = await runChild('python3', [SCRIPT, order], { cwd: '/', env });
      if (code !== 0) throw new Error(`${SCRIPT} ended with ${String(code)}: ${stderr.slice(-400)}`);
      return JSON.parse(stdout.toString('utf8')) as (number | null)[];
    },
  };
}

async function speakerEnvironment(folder: string): Promise<Readonly<Record<string, string>>> {
  if (PLACES.some((place) => existsSync(join(place, LIBRARY)))) return MINIMAL_ENVIRONMENT;
  const root = await unpackedPackages(folder, 'espeak-ng', async () => await missingPackages('espeak-ng'));
  const libraries = await libraryPath(root);
  const data = libraries.split(':').map((place) => join(place, 'espeak-ng-data'));
  return {
    ...MINIMAL_ENVIRONMENT,
    LD_LIBRARY_PATH: libraries,
    ESPEAK_DATA_PATH: data.find((place) => existsSync(place)) ?? join(root, 'usr', 'share', 'espeak-ng-data'),
  };
}
