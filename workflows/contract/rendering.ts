/** What is made of a separation's stems when somebody wants to play them: the player's pack, or a mix as a file. */
import type { StoredBlob } from './recording.ts';
import type { StemFormat } from './request.ts';
import type { FinishedStem } from './stems.ts';

export type RenderingRecipe =
  | { readonly kind: 'player' }
  /** `gains` by stem, as factors; a stem that is not named is silent. */
  | { readonly kind: 'mix'; readonly gains: Readonly<Record<string, number>>; readonly format: StemFormat };

/** A rendering that is still to be made. */
export interface WantedRendering {
  readonly recipe: RenderingRecipe;
  /** In their order; the residual is the last. */
  readonly stems: readonly FinishedStem[];
}

export interface MadeRendering {
  /** The player's manifest, or the mix. */
  readonly blob: StoredBlob;
  /** Everything that must be kept with it, `blob` included. */
  readonly held: readonly StoredBlob[];
}

/** The player's pack, as JSON in the blob store: each stem cut into short FLAC files that lie one after the other in one blob. */
export interface PlayerPack {
  readonly rateHz: number;
  readonly channels: number;
  /** Per channel, of every stem. */
  readonly samples: number;
  /** Per channel, of every segment but the last. */
  readonly segmentSamples: number;
  readonly stems: readonly PackedStem[];
}

export interface PackedStem {
  readonly name: string;
  /** What makes the stems add up to the recording. */
  readonly isResidual: boolean;
  readonly blob: StoredBlob;
  /** Where each segment begins in the blob, and where the last one ends. */
  readonly offsets: readonly number[];
  /** What decoded samples are multiplied by: stems beyond full scale are packed at a lower level. 1 for all others. */
  readonly scale: number;
  readonly loudnessLufs: number | null;
  /** Base64 of pairs of Int8, lowest and highest of each of about 1,500 equal parts; 127 is full scale. */
  readonly peaks: string;
}
