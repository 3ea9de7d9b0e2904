/** music21, in a virtual environment that is made for it: what other programs read in our MusicXML. */
import { join } from 'node:path';
import { z } from 'zod';
import { runChild } from '../runtime/child.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';
import { ensurePackages } from './python-packages.ts';
import type { Sheet } from './sheet.ts';

const PACKAGES = ['music21==10.5.1'];
const SCRIPT = join(import.meta.dirname, 'music21_sheets.py');
const LARGEST_REPORT_BYTES = 256 * 1024 * 1024;

const place = { bar: z.number(), startTick: z.number() };
const sheetsSchema = z.array(
  z.object({
    bars: z.array(z.object({ beatsPerBar: z.number(), beatUnit: z.number() })),
    notes: z.array(
      z.object({
        ...place,
        ticks: z.number(),
        pitchMidi: z.number(),
        tie: z.string().nullable(),
        string: z.number().nullable(),
        fret: z.number().nullable(),
      }),
    ),
    chords: z.array(z.object({ ...place, root: z.string(), bass: z.string(), pitchClasses: z.array(z.number()) })),
  }),
);

export interface SheetReader {
  /** @returns what it reads in the `.musicxml` files of a folder, in the order of their names. @throws Error where it cannot read one */
  read(folder: string): Promise<readonly Sheet[]>;
}

/** Fetches it (330 MB) where it is not there yet. @returns what went wrong, as a sentence, where it cannot be had */
export async function findMusic21(cacheDir: string): Promise<SheetReader | string> {
  const folder = join(cacheDir, 'bench', 'music21');
  const problem = await ensurePackages(folder, PACKAGES);
  if (problem !== null) return problem;
  return {
    async read(sheets) {
      const options = { cwd: '/', env: ownEnvironment({}), maxOutputBytes: LARGEST_REPORT_BYTES };
      const { code, stdout, stderr } = await runChild(join(folder, 'bin', 'python'), [SCRIPT, sheets], options);
      if (code !== 0) throw new Error(`${SCRIPT} ended with ${String(code)}: ${stderr.slice(-2000)}`);
      return sheetsSchema.parse(JSON.parse(stdout.toString('utf8')));
    },
  };
}
