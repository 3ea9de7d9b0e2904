import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../../runtime/child.ts';
import { arrange } from './arrange.ts';
import { midiFileOf } from './midi-file.ts';
import { planSong } from './song-plan.ts';
import type { BandKind } from './song-plan.ts';
import type { SoundFontName, Synthesizer } from './sound-fonts.ts';
import { truthOf } from './truth.ts';

/** Loud, and not clipped by these bands. */
const GAIN = 0.5;

/**
 * Writes `NN.mid`, `NN.wav` (44.1 kHz, stereo, 16 bits: the same bytes on every run) and the truth, `NN.json`, into `folder`.
 * What is there already is left as it is: `NN.made` says of what it was made.
 */
export async function renderSong(
  synthesizer: Synthesizer,
  folder: string,
  { seed, number, band, soundFont }: { seed: number; number: number; band: BandKind; soundFont: SoundFontName },
): Promise<void> {
  const font = synthesizer.soundFonts[soundFont];
  if (font === undefined) throw new RangeError(`the sound font ${soundFont} was not looked for`);
  const arrangement = arrange(planSong(seed, number, band));
  const midi = midiFileOf(arrangement);
  const truth = `${JSON.stringify(truthOf(arrangement, soundFont))}\n`;
  const path = join(folder, String(number).padStart(2, '0'));
  const effects = arrangement.plan.hasReverb ? '1' : '0';
  const sound = ['-g', String(GAIN), '-r', '44100', '-R', effects, '-C', '0', '-T', 'wav', '-O', 's16'];
  const made = createHash('sha256').update(midi).update(truth).update(sound.join(' ')).digest('hex');
  if ((await readFile(`${path}.made`, 'utf8').catch(() => '')) === made) return;
  await writeFile(`${path}.mid`, midi);
  const quietly = ['-n', '-i', '-q', '-o', 'synth.dynamic-sample-loading=1'];
  const { code, stderr } = await runChild(
    synthesizer.program,
    [...quietly, ...sound, '-F', `${path}.wav`, font, `${path}.mid`],
    { cwd: folder, env: synthesizer.env },
  );
  if (code !== 0) throw new Error(`fluidsynth ended with ${String(code)}: ${stderr.slice(-400)}`);
  await writeFile(`${path}.json`, truth);
  await writeFile(`${path}.made`, made);
}
