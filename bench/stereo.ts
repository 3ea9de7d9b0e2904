/** Stereo signals at 44.1 kHz that fit into memory, and their sums and levels. */
import { runChild } from '../runtime/child.ts';

/** Left and right, of one length. */
export type Stereo = readonly [Float32Array, Float32Array];

export const RATE_HZ = 44_100;
const MOST_BYTES = 2 ** 27;

/** Of a file that ffmpeg opens; shorter than `seconds` where the file ends. Of one channel it makes two. */
export async function decodeStereo(
  path: string,
  { fromSeconds, seconds }: { readonly fromSeconds: number; readonly seconds: number },
): Promise<Stereo> {
  const input = ['-v', 'error', '-ss', String(fromSeconds), '-t', String(seconds), '-i', path];
  const output = ['-f', 'f32le', '-ac', '2', '-ar', String(RATE_HZ), '-'];
  const { code, stdout, stderr } = await runChild('ffmpeg', [...input, ...output], {
    cwd: '/',
    maxOutputBytes: MOST_BYTES,
  });
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}: ${stderr.slice(-400)}`);
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  const length = Math.min(Math.round(seconds * RATE_HZ), samples.length / 2);
  const channel = (side: number): Float32Array => Float32Array.from({ length }, (_, n) => samples[2 * n + side]!);
  return [channel(0), channel(1)];
}

export function add(a: Stereo, b: Stereo): Stereo {
  return [a[0].map((x, n) => x + (b[0][n] ?? 0)), a[1].map((x, n) => x + (b[1][n] ?? 0))];
}

export function scale(signal: Stereo, gain: number): Stereo {
  return [signal[0].map((x) => x * gain), signal[1].map((x) => x * gain)];
}

export function energy(signal: Stereo): number {
  return signal.reduce((sum, channel) => channel.reduce((part, x) => part + x * x, sum), 0);
}

export function peak(signal: Stereo): number {
  return signal.reduce((most, channel) => channel.reduce((part, x) => Math.max(part, Math.abs(x)), most), 0);
}

export function unitLevel(signal: Stereo): Stereo {
  return scale(signal, Math.sqrt((2 * signal[0].length) / energy(signal)));
}
