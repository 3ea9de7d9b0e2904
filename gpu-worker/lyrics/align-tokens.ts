/** When each token of a text is spoken, by where the decoder looks in the sound while it reads it (openai/whisper, timing.py). */
import { medianAlongRows } from '../dsp/median.ts';
import { warpRows } from '../dsp/time-warping.ts';
import { logSumExp } from './token-rules.ts';
import { FRAMES_PER_SOUND } from './whisper.ts';
import type { Sound, Whisper } from './whisper.ts';
import { FRAMES_PER_SECOND } from './log-mel.ts';

const MEDIAN_WIDTH = 7;
const SOUNDS_PER_SECOND = FRAMES_PER_SECOND / FRAMES_PER_SOUND;

export interface AlignedTokens {
  /** Of each token, and of the text's end: one more than there are tokens. From the window's beginning. */
  readonly startsSeconds: readonly number[];
  /** Of each token, among words. */
  readonly probabilities: readonly number[];
}

/**
 * @param start what comes before a text in its language
 * @param text words only, without timestamps
 * @param frames of the window that are song; the text is within them
 */
export async function alignTokens(
  whisper: Whisper,
  sound: Sound,
  { start, text }: { readonly start: readonly number[]; readonly text: readonly number[] },
  frames: number,
): Promise<AlignedTokens> {
  const { noTimestamps, endOfText, size } = whisper.vocabulary;
  const before = [...start, noTimestamps];
  const tokens = [...before, ...text, endOfText];
  const { logits, alignment } = await whisper.read(sound, { texts: [tokens], after: null, wanted: 'all' });

  // A token is looked for while the one before it is read.
  const first = before.length - 1;
  const probabilities = text.map((token, index) => {
    const row = logits.subarray((first + index) * size, (first + index + 1) * size);
    return Math.exp(row[token]! - logSumExp(row, 0, endOfText));
  });
  const [heads = 0, rows = 0, columns = 0] = alignment.dims;
  const used = Math.max(1, Math.min(columns, Math.floor(frames / FRAMES_PER_SOUND)));
  const scores = alignment.data as Float32Array;
  const matrix = new Float32Array(rows * used);
  for (let head = 0; head < heads; head++) {
    const ofHead = scores.subarray(head * rows * columns, (head + 1) * rows * columns);
    const smooth = smoothAttention(ofHead, rows, columns, used);
    for (let n = 0; n < matrix.length; n++) matrix[n]! += smooth[n]! / heads;
  }
  const starts = warpRows(matrix.subarray(first * used, (rows - 1) * used), text.length + 1, used);
  return { startsSeconds: Array.from(starts, (column) => column / SOUNDS_PER_SECOND), probabilities };
}

/**
 * The softmax over the first `used` columns, how far each value stands out among the rows (in standard deviations), and a running
 * median over time.
 * @returns rows × used
 */
export function smoothAttention(scores: Float32Array, rows: number, columns: number, used: number): Float32Array {
  const shares = new Float32Array(rows * used);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    const total = logSumExp(scores, from, from + used);
    for (let column = 0; column < used; column++)
      shares[row * used + column] = Math.exp(scores[from + column]! - total);
  }
  for (let column = 0; column < used; column++) {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) sum += shares[row * used + column]!;
    const mean = sum / rows;
    for (let row = 0; row < rows; row++) squares += (shares[row * used + column]! - mean) ** 2;
    const deviation = Math.sqrt(squares / rows);
    for (let row = 0; row < rows; row++) {
      const at = row * used + column;
      shares[at] = deviation > 0 ? (shares[at]! - mean) / deviation : 0;
    }
  }
  if (used < MEDIAN_WIDTH) return shares;
  const smooth = new Float32Array(rows * used);
  medianAlongRows(shares, rows, used, MEDIAN_WIDTH, smooth);
  return smooth;
}
