/** Writes `examples/back-porch-take.flac`: run it when the song changes. `--stems DIR` writes the true stems beside each other too. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram, runChild } from '../../runtime/child.ts';
import { RATE_HZ } from './instruments.ts';
import type { Track } from './instruments.ts';
import { exampleMix, exampleStems } from './song.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');

async function writeFlac(track: Track, path: string): Promise<void> {
  const interleaved = new Float32Array(track.left.length * 2);
  track.left.forEach((sample, n) => {
    interleaved[2 * n] = sample;
    interleaved[2 * n + 1] = track.right[n] ?? 0;
  });
  const ffmpeg = findProgram('ffmpeg');
  if (ffmpeg === null) {
    throw new Error('ffmpeg is not on the PATH');
  }
  const raw = ['-f', 'f32le', '-ar', String(RATE_HZ), '-ac', '2', '-i', 'pipe:0'];
  const flac = ['-map_metadata', '-1', '-bitexact', '-sample_fmt', 's16', '-compression_level', '12', path];
  const { code, stderr } = await runChild(ffmpeg, ['-v', 'error', '-y', ...raw, ...flac], {
    cwd: EXAMPLES,
    input: Buffer.from(interleaved.buffer),
  });
  if (code !== 0) {
    throw new Error(`ffmpeg could not write ${path}: ${stderr}`);
  }
}

const { values } = parseArgs({ options: { stems: { type: 'string' } } });
const stems = exampleStems();
await mkdir(EXAMPLES, { recursive: true });
await writeFlac(exampleMix(stems), join(EXAMPLES, 'back-porch-take.flac'));
if (values.stems !== undefined) {
  await mkdir(values.stems, { recursive: true });
  for (const [name, track] of Object.entries(stems)) {
    await writeFlac(track as Track, join(values.stems, `${name}.flac`));
  }
}
