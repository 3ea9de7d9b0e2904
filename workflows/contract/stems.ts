import type { StoredBlob, PcmBlob } from './recording.ts';
import type { Quality, StemFormat, StemPick } from './request.ts';

/**
 * A strategy tree: a separator, and for each of its output slots either the final stem's name
 * or a subtree that takes this output apart further.
 */
export interface StrategyNode {
  readonly separator: string;
  readonly outputs: Readonly<Record<string, string | StrategyNode>>;
}

export interface SeparationPlan {
  /** Left out in rows and histories that are older than other plans. */
  readonly kind?: 'stems';
  readonly strategy: string;
  readonly quality: Quality;
  readonly tree: StrategyNode;
  /** Hash of everything that decides the samples: tree, quality, model weights, code versions. */
  readonly planKey: string;
  /** The longest that this plan's slowest separator may need for one window. */
  readonly heartbeatSeconds: number;
}

/** Ids of all separators of a tree, in its order; one that is used twice stands there twice. */
export function separatorsOf(node: StrategyNode): string[] {
  const below = Object.values(node.outputs).flatMap((output) =>
    typeof output === 'string' ? [] : separatorsOf(output),
  );
  return [node.separator, ...below];
}

/** Names of final stems in the order of the tree. */
export function stemNames(tree: StrategyNode): string[] {
  return Object.values(tree.outputs).flatMap((output) => (typeof output === 'string' ? [output] : stemNames(output)));
}

/** A final stem at the recording's rate, channels and length. */
export interface FinishedStem {
  readonly name: string;
  readonly pcm: PcmBlob;
  /** Integrated loudness, BS.1770-4; null where nothing passes the gate (silence). */
  readonly loudnessLufs: number | null;
  /** True peak; null for digital silence. */
  readonly peakDbtp: number | null;
  /** Gain to the target loudness without passing -1 dBTP; reported, never applied. Null for silence. */
  readonly gainDb: number | null;
  readonly waveform: StoredBlob;
}

export interface FinishedStems {
  readonly stems: readonly FinishedStem[];
  readonly residual: FinishedStem;
  /** Level of (mix - sum of stems) below the mix, in dB: how deep the stems null without the residual. */
  readonly nullDepthDb: number | null;
}

/** A stem as it is handed to the musician. */
export interface DeliveredFile {
  readonly name: string;
  /** `<stem>.<format>`, `metadata.json`, `<stem>.png`. */
  readonly fileName: string;
  readonly blob: StoredBlob;
}

/** A recording, as results name it. */
export interface SongTitle {
  readonly sha256: string;
  readonly durationSeconds: number;
  readonly title: string;
}

export interface SeparationResult {
  /** Left out in rows and histories that are older than other results. */
  readonly kind?: 'stems';
  readonly recording: SongTitle;
  readonly strategy: string;
  readonly quality: Quality;
  readonly format: StemFormat;
  readonly finished: FinishedStems;
  readonly pick: StemPick;
  /** The one file of a pick; null where all stems were asked for. */
  readonly mixed: FinishedStem | null;
  /** As they were handed over where the job was asked for. */
  readonly files: readonly DeliveredFile[];
  /** From the request's acceptance to the last file, by the wall clock of the control worker. */
  readonly seconds: number;
}
