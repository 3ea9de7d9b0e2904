/** What a Whisper model's weights do not say of themselves. */

export interface WhisperVariant {
  /**
   * Layer and head of the decoder's cross-attention heads that follow the sound as it is spoken: those that OpenAI found and
   * publishes with each model (openai/whisper, `_ALIGNMENT_HEADS`).
   */
  readonly alignmentHeads: readonly (readonly [layer: number, head: number])[];
}

export const WHISPER_VARIANTS = {
  'whisper-tiny-en': {
    alignmentHeads: [
      [1, 0],
      [2, 0],
      [2, 5],
      [3, 0],
      [3, 1],
      [3, 2],
      [3, 3],
      [3, 4],
    ],
  },
} as const satisfies Record<string, WhisperVariant>;
