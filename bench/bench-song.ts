import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../runtime/child.ts';

const EXAMPLE = join(import.meta.dirname, '..', 'examples', 'back-porch-take.flac');

/** A stereo MP3, or WAV by the path's name, at 44.1 kHz: the example song, again and again. Another `number` gives other bytes of the same length. */
export async function makeBenchSong(ffmpegPath: string, path: string, seconds: number, number: number): Promise<void> {
  const input = ['-stream_loop', '-1', '-ss', String(number), '-i', EXAMPLE, '-t', String(seconds)];
  const codec = path.endsWith('.wav') ? ['-c:a', 'pcm_s16le'] : ['-c:a', 'libmp3lame', '-b:a', '256k'];
  const output = ['-ac', '2', '-ar', '44100', ...codec, '-y', path];
  const { code, stderr } = await runChild(ffmpegPath, ['-nostdin', '-v', 'error', ...input, ...output], { cwd: '/' });
  if (code !== 0 || (await stat(path)).size === 0) throw new Error(`ffmpeg made no song: ${stderr}`);
}
