/**
 * The published ONNX separators, one row each. A row's id is also its model's id, whose first `.onnx` file is the network.
 * Slots: a network's own stems by their usual names; what it leaves of the mix is `rest` where it takes one instrument out,
 * and has its own name where that is customary (`instrumental` beside `vocals`, `other` beside a vocal model's `vocals`).
 */
import type { Quality } from '../../workflows/contract/request.ts';
import type { Separator, SeparatorEntry } from '../models/separator.ts';
import { HTDEMUCS, HTDEMUCS_6S, createDemucsSeparator } from './demucs.ts';
import type { DemucsContract } from './demucs.ts';
import { createMdxSeparator } from './mdx.ts';
import type { MdxContract } from './mdx.ts';
import { BS_ROFORMER_SW, MEL_BAND_ROFORMER_KIM, createRoformerSeparator } from './roformer.ts';
import { SCNET_CONTRACT, createScnetSeparator } from './scnet.ts';
import { spectralSlots } from './spectral-separator.ts';
import type { SpectralContract } from './spectral-separator.ts';

/** Raised whenever the code behind these rows changes any output sample. */
const VERSION = 1;

export interface MdxRow {
  readonly id: string;
  readonly slots: readonly [string, string];
  readonly contract: MdxContract;
}

/** Figures of kuielab/mdx-net-submission (models.py, branches leaderboard_A and leaderboard_B) and of UVR's model data. */
export const MDX_ROWS: readonly MdxRow[] = [
  kuielab('kuielab-a-bass', 'bass', 16_384, 512),
  kuielab('kuielab-a-drums', 'drums', 4096, 512),
  kuielab('kuielab-a-other', 'other', 8192, 512),
  kuielab('kuielab-a-vocals', 'vocals', 6144, 512),
  kuielab('kuielab-b-bass', 'bass', 16_384, 256),
  kuielab('kuielab-b-drums', 'drums', 4096, 128),
  kuielab('kuielab-b-other', 'other', 8192, 256),
  kuielab('kuielab-b-vocals', 'vocals', 6144, 256),
  uvr('uvr-mdx-inst-hq-3', ['instrumental', 'vocals'], 6144, 1.022),
  uvr('uvr-mdx-voc-ft', ['vocals', 'instrumental'], 7680, 1.021),
];

export const ONNX_ENTRIES: readonly SeparatorEntry[] = [
  ...MDX_ROWS.map(({ id, slots, contract }) =>
    entry(id, slots, (path, quality) => createMdxSeparator(contract, slots, path, quality)),
  ),
  spectral('scnet', SCNET_CONTRACT, createScnetSeparator),
  spectral('scnet-large', SCNET_CONTRACT, createScnetSeparator),
  spectral('mel-band-roformer-kim', MEL_BAND_ROFORMER_KIM, createRoformerSeparator),
  spectral('bs-roformer-sw', BS_ROFORMER_SW, createRoformerSeparator),
  demucs('htdemucs', HTDEMUCS),
  demucs('htdemucs-6s', HTDEMUCS_6S),
];

/** kuielab's own code hides no bins from the networks. */
function kuielab(id: string, stem: string, fftSamples: number, frames: number): MdxRow {
  const contract = { fftSamples, hopSamples: 1024, bins: 2048, frames, compensation: 1.035, lowBinsFast: 0 };
  return { id, slots: [stem, 'rest'], contract };
}

function uvr(id: string, slots: readonly [string, string], fftSamples: number, compensation: number): MdxRow {
  return {
    id,
    slots,
    contract: { fftSamples, hopSamples: 1024, bins: 3072, frames: 256, compensation, lowBinsFast: 3 },
  };
}

function spectral(
  id: string,
  contract: SpectralContract,
  create: (contract: SpectralContract, path: string, quality: Quality) => Separator,
): SeparatorEntry {
  return entry(id, spectralSlots(contract), (path, quality) => create(contract, path, quality));
}

function demucs(id: string, contract: DemucsContract): SeparatorEntry {
  return entry(id, contract.stems, (path, quality) => createDemucsSeparator(contract, path, quality));
}

function entry(
  id: string,
  slots: readonly string[],
  create: (path: string, quality: Quality) => Separator,
): SeparatorEntry {
  return {
    id,
    slots,
    models: [id],
    version: VERSION,
    create(modelPaths, quality) {
      const path = modelPaths.get(id)?.[0];
      if (path === undefined) throw new RangeError(`no files were given for the model ${id}`);
      return create(path, quality);
    },
  };
}
