/**
 * `node tools/bar-worths/main.ts DIR …`: folders of songs, `NN.wav` and `NN.json`. Prints what `gpu-worker/analysis/bar-trait-worths.ts` holds. Needs an
 * `ffmpeg` on the PATH.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rhythmEvidence } from '../../gpu-worker/analysis/rhythm-evidence.ts';
import { loadFft } from '../../gpu-worker/dsp/fft.ts';
import { findProgram, runChild } from '../../runtime/child.ts';
import type { SongTruth } from '../analysis-songs/truth.ts';
import { fitWorths } from './fit-worths.ts';
import type { Way } from './fit-worths.ts';
import { waysOfSong } from './ways-of-song.ts';

const RATE_HZ = 44_100;

const { positionals: folders } = parseArgs({ allowPositionals: true, options: {} });
if (folders.length === 0) throw new RangeError('usage: main.ts DIR …');
const ffmpeg = findProgram('ffmpeg');
if (ffmpeg === null) throw new Error('ffmpeg is not on the PATH');
await loadFft();
const songs: Way[][] = [];
for (const folder of folders) {
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.wav')).sort()) {
    const path = resolve(join(folder, file));
    const truth = JSON.parse(await readFile(path.replace('.wav', '.json'), 'utf8')) as SongTruth;
    const ways = waysOfSong(rhythmEvidence(await readMono(ffmpeg, path), RATE_HZ), truth);
    if (ways.length > 0) songs.push(ways);
    console.error(path);
  }
}
for (const [name, nats] of Object.entries(fitWorths(songs))) console.log(`${name}: ${nats.toPrecision(3)}`);

async function readMono(program: string, path: string): Promise<Float32Array> {
  const output = ['-f', 'f32le', '-ac', '1', '-ar', String(RATE_HZ), '-'];
  const { code, stdout, stderr } = await runChild(program, ['-nostdin', '-v', 'error', '-i', path, ...output], {
    cwd: '/',
    maxOutputBytes: Number.MAX_SAFE_INTEGER,
  });
  if (code !== 0) throw new Error(`ffmpeg could not read ${path}: ${stderr}`);
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}
