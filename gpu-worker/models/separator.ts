/**
 * What the engine asks of every separator, model or weight-free. A separator cuts the song into windows on a grid that is fixed by
 * the song's length alone; each window is computed from its own input span and nothing else, so windows may run on any thread, in
 * any order, in any attempt, and chunks of them may be checkpointed.
 *
 * The engine overlap-adds the windows' contributions in fixed point (integer addition is associative, so how windows are grouped
 * into chunks changes no bit) and divides by the sum of the windows' weights.
 */
import type { Quality } from '../../workflows/contract/request.ts';

/** Half-open spans in samples, relative to the song's first sample; the input span may reach outside the song (zeros there). */
export interface WindowSpan {
  readonly inputStart: number;
  readonly inputEnd: number;
  readonly outputStart: number;
  readonly outputEnd: number;
}

/** Of the whole stereo mix, in one pass before the first window. */
export interface MixStatistics {
  /** Largest absolute sample. */
  readonly peak: number;
  /** Of the mono mix (L + R) / 2. */
  readonly meanMono: number;
  readonly standardDeviationMono: number;
}

/** One signal per channel; all of one length. */
export type Channels = readonly Float32Array[];

export interface SeparatorSession {
  /**
   * @param mix two channels of `inputEnd - inputStart` samples; the session must not keep or change them.
   * @returns for each slot, in the order of `slots`, two channels of `outputEnd - outputStart` samples, already multiplied by the
   *   window's weight. The caller owns the arrays until the next call.
   */
  process(span: WindowSpan, mix: Channels, statistics: MixStatistics): Promise<readonly Channels[]>;
  close(): Promise<void>;
}

export interface Separator {
  readonly slots: readonly string[];
  readonly rateHz: number;
  /** `windows`: one single-threaded session per core; `operators`: one session that uses all cores (large models, GPUs). */
  readonly parallelism: 'windows' | 'operators';
  /** Windows of a song of `totalSamples` samples, in order of `outputStart`. */
  windows(totalSamples: number): readonly WindowSpan[];
  /**
   * The weight of a window at each of its output samples, for the division after overlap-add;
   * null where contributions already sum to the signal.
   */
  weight(span: WindowSpan): Float32Array | null;
  /** Loads models and tables. Called once per engine thread. */
  open(runtime: SeparatorRuntime): Promise<SeparatorSession>;
}

export type Device = 'cpu' | 'cuda' | 'webgpu';

export interface SeparatorRuntime {
  readonly device: Device;
  /** ONNX intra-operator threads. */
  readonly threads: number;
}

/** A separator's entry in the registry. */
export interface SeparatorEntry {
  readonly id: string;
  readonly slots: readonly string[];
  /** Model ids of the manifest whose files must be there first; empty for weight-free ones. */
  readonly models: readonly string[];
  /** Raised whenever the code changes any output sample. */
  readonly version: number;
  /** `modelPaths` maps model id to the path of its ONNX file(s), as the model store returned them. */
  create(modelPaths: ReadonlyMap<string, readonly string[]>, quality: Quality): Separator;
}
