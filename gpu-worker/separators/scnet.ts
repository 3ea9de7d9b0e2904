/**
 * SCNet (Tong et al., ICASSP 2024) in the ONNX form that audiojs/neural exports. Each segment of 11 s is zero-padded to an even number
 * of frames, as the network's own Fourier transform along time needs; its STFT has no window.
 */
import type { Quality } from '../../workflows/contract/request.ts';
import type { Separator } from '../models/separator.ts';
import { createSpectralSeparator } from './spectral-separator.ts';
import type { SpectralContract } from './spectral-separator.ts';

/** Of `scnet` and `scnet-large` alike. */
export const SCNET_CONTRACT: SpectralContract = {
  fftSamples: 4096,
  hopSamples: 1024,
  window: 'none',
  scale: 1 / 64,
  segmentSamples: 485_100,
  paddedSamples: 486_400,
  stems: ['drums', 'bass', 'other', 'vocals'],
  complement: null,
  level: 'standard',
  layouts: ['channels'],
};

/** `best` steps by a quarter of a segment, as published; `fast` by half. */
export function createScnetSeparator(contract: SpectralContract, modelPath: string, quality: Quality): Separator {
  return createSpectralSeparator(contract, modelPath, quality === 'best' ? 4 : 2);
}
