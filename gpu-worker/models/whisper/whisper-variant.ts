/** What a Whisper model's weights do not say of themselves. */

export interface WhisperVariant {
  /**
   * Layer and head of the decoder's cross-attention heads that follow the sound as it is spoken: those that OpenAI found and
   * publishes with each model (openai/whisper, `_ALIGNMENT_HEADS`).
   */
  readonly alignmentHeads: readonly (readonly [layer: number, head: number])[];
}

export const WHISPER_VARIANTS = {
  'whisper-tiny-en': { alignmentHeads: [[1, 0], [2, 0], [2, 5], [3, 0], [3, 1], [3, 2], [3, 3], [3, 4]] },
  'whisper-base-en': { alignmentHeads: [[3, 3], [4, 7], [5, 1], [5, 5], [5, 7]] },
  'whisper-small-en': { alignmentHeads: [[6, 6], [7, 0], [7, 3], [7, 8], [8, 2], [8, 5], [8, 7], [9, 0], [9, 4], [9, 8], [9, 10], [10, 0], [10, 1], [10, 2], [10, 3], [10, 6], [10, 11], [11, 2], [11, 4]] },
  'whisper-medium-en': { alignmentHeads: [[11, 4], [14, 1], [14, 12], [14, 14], [15, 4], [16, 0], [16, 4], [16, 9], [17, 12], [17, 14], [18, 7], [18, 10], [18, 15], [20, 0], [20, 3], [20, 9], [20, 14], [21, 12]] },
  'whisper-tiny': { alignmentHeads: [[2, 2], [3, 0], [3, 2], [3, 3], [3, 4], [3, 5]] },
  'whisper-base': { alignmentHeads: [[3, 1], [4, 2], [4, 3], [4, 7], [5, 1], [5, 2], [5, 4], [5, 6]] },
  'whisper-small': { alignmentHeads: [[5, 3], [5, 9], [8, 0], [8, 4], [8, 7], [8, 8], [9, 0], [9, 7], [9, 9], [10, 5]] },
  'whisper-medium': { alignmentHeads: [[13, 15], [15, 4], [15, 15], [16, 1], [20, 0], [23, 4]] },
} as const satisfies Record<string, WhisperVariant>; // prettier-ignore
