import { HTDEMUCS, HTDEMUCS_6S } from '../demucs.ts';
import { MDX_ROWS } from '../onnx-entries.ts';
import { BS_ROFORMER_SW, MEL_BAND_ROFORMER_KIM } from '../roformer.ts';
import { SCNET_CONTRACT } from '../scnet.ts';
import { randomDemucs } from './tiny-demucs.ts';
import { randomMdx } from './tiny-mdx.ts';
import { randomSpectral } from './tiny-spectral.ts';

/** A seeded network at the published size of one of the registry's ONNX separators. Thrown `RangeError` for another id. */
export function tinyNetwork(id: string, seed: number): Uint8Array {
  const mdx = MDX_ROWS.find((row) => row.id === id);
  if (mdx !== undefined) return randomMdx(mdx.contract, seed, 3);
  switch (id) {
    case 'scnet':
    case 'scnet-large':
      return randomSpectral(SCNET_CONTRACT, 'channels', seed, 0.5);
    case 'mel-band-roformer-kim':
      return randomSpectral(MEL_BAND_ROFORMER_KIM, 'planes', seed, 0.5);
    case 'bs-roformer-sw':
      return randomSpectral(BS_ROFORMER_SW, 'planes', seed, 0.5);
    case 'htdemucs':
      return randomDemucs(HTDEMUCS, seed, 0.5);
    case 'htdemucs-6s':
      return randomDemucs(HTDEMUCS_6S, seed, 0.5);
    default:
      throw new RangeError(`no tiny network for ${id}`);
  }
}
