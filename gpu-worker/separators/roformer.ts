/**
 * Mel-Band RoFormer and BS-RoFormer as published in ONNX form by unblend (real and imaginary planes) and audiojs/neural (planes as
 * channels); whichever file lies under the model's id. They mask the mixture's spectra, so the song's level is left as it is.
 */
import type { Quality } from '../../workflows/contract/request.ts';
import type { Separator } from '../models/separator.ts';
import { createSpectralSeparator } from './spectral-separator.ts';
import type { SpectralContract } from './spectral-separator.ts';

/** Kim's vocal model: one stem; the other is the mix without it. */
export const MEL_BAND_ROFORMER_KIM: SpectralContract = {
  fftSamples: 2048,
  hopSamples: 441,
  window: 'hann',
  scale: 1,
  segmentSamples: 352_800,
  paddedSamples: 352_800,
  stems: ['vocals'],
  complement: 'other',
  level: 'unchanged',
  layouts: ['planes', 'channels'],
};

/** The six-stem model. */
export const BS_ROFORMER_SW: SpectralContract = {
  fftSamples: 2048,
  hopSamples: 512,
  window: 'hann',
  scale: 1,
  segmentSamples: 588_800,
  paddedSamples: 588_800,
  stems: ['bass', 'drums', 'other', 'vocals', 'guitar', 'piano'],
  complement: null,
  level: 'unchanged',
  layouts: ['planes', 'channels'],
};

/** `fast` steps by half a segment, as published; `best` by a quarter. */
export function createRoformerSeparator(contract: SpectralContract, modelPath: string, quality: Quality): Separator {
  return createSpectralSeparator(contract, modelPath, quality === 'best' ? 4 : 2);
}
