/** How the published Spleeter models differ: their instruments, activations and masks (`configs/<n>stems/base_config.json` of Spleeter). */

export interface SpleeterVariant {
  /** In the order in which the networks were created, which is that of their variables' numbers. */
  readonly instruments: readonly string[];
  /**
   * Of the convolutions and of the transposed convolutions: LeakyReLU of slope 0.2 and ReLU, or ELU in both. The wrong one still
   * gives plausible but bad stems.
   */
  readonly activation: 'leaky-relu' | 'elu';
  /** `sigmoid`: each instrument has a mask of its own. `softmax`: the masks of all instruments sum to one. */
  readonly mask: 'sigmoid' | 'softmax';
}

export const SPLEETER_VARIANTS = {
  'spleeter-2stems': { instruments: ['vocals', 'accompaniment'], activation: 'leaky-relu', mask: 'sigmoid' },
  'spleeter-4stems': { instruments: ['vocals', 'drums', 'bass', 'other'], activation: 'elu', mask: 'sigmoid' },
  'spleeter-5stems': { instruments: ['vocals', 'piano', 'drums', 'bass', 'other'], activation: 'elu', mask: 'softmax' },
} as const satisfies Record<string, SpleeterVariant>;
