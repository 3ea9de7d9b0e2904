/** What the gpu-worker asks of its engine process. Paths and numbers only: audio stays in files. */
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { Quality } from '../../workflows/contract/request.ts';
import type { ActivationTask } from '../beats/compute-activations.ts';
import type { ChordTask } from '../chords/compute-activations.ts';
import type { LyricsTask } from '../lyrics/find-lyrics.ts';
import type { Device, MixStatistics, SeparatorRuntime } from '../models/separator.ts';
import type { PosteriorTask } from '../notes/compute-posteriors.ts';
import type { NoteOptions } from '../notes/note-options.ts';
import type { StyleTask } from '../style/compute-style.ts';
import type { WindowGrid, WindowRange } from './chunk-plan.ts';

/** A separator with all that its factory needs. */
export interface SeparatorChoice {
  readonly separator: string;
  readonly quality: Quality;
  /** Model id to ONNX files. */
  readonly modelPaths: readonly (readonly [string, readonly string[]])[];
}

export interface SeparatorFacts {
  readonly slots: readonly string[];
  readonly models: readonly string[];
  readonly version: number;
}

/** The mix, and what one pass over it and its window grid told. */
export interface PreparedMix {
  readonly grid: WindowGrid;
  /** Of each stereo pair. */
  readonly statistics: readonly MixStatistics[];
  readonly rateHz: number;
  readonly channels: number;
  readonly samples: number;
  /** Of the first sample, in bytes. */
  readonly dataOffset: number;
  readonly parallelism: 'windows' | 'operators';
}

export interface ChunkTask {
  readonly choice: SeparatorChoice;
  readonly runtime: SeparatorRuntime;
  readonly mixPath: string;
  readonly mix: PreparedMix;
  readonly range: WindowRange;
  readonly chunkPath: string;
}

export interface JoinTask {
  readonly choice: SeparatorChoice;
  readonly mix: PreparedMix;
  readonly slot: number;
  readonly chunks: readonly (WindowRange & { readonly path: string })[];
  readonly wavPath: string;
}

export interface NoteTask {
  readonly posteriorsPath: string;
  readonly frames: number;
  readonly options: NoteOptions;
}

/** A file that the engine wrote, hashed on the way. */
export interface WrittenFile {
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Each task with its input and result. */
export interface EngineTasks {
  /** Null where the registry has no such separator. */
  describe: { input: { readonly separator: string }; result: SeparatorFacts | null };
  /** Null where the device works, else what onnxruntime said. */
  probeDevice: { input: { readonly device: Device }; result: { readonly failure: string | null } };
  prepare: { input: { readonly choice: SeparatorChoice; readonly mixPath: string }; result: PreparedMix };
  computeChunk: { input: ChunkTask; result: WrittenFile };
  /** True where the chunk file is whole and belongs to this song's grid. */
  checkChunk: {
    input: Pick<ChunkTask, 'choice' | 'mix' | 'range' | 'chunkPath'>;
    result: boolean;
  };
  joinSlot: { input: JoinTask; result: WrittenFile };
  computePosteriors: { input: PosteriorTask; result: null };
  computeBeatActivations: { input: ActivationTask; result: null };
  createNotes: { input: NoteTask; result: readonly HeardNote[] };
  computeChordActivations: { input: ChordTask; result: null };
  /** A probability of each tag. */
  computeStyle: { input: StyleTask; result: readonly number[] };
  findLyrics: { input: LyricsTask; result: SongLyrics };
}

export type EngineTaskKind = keyof EngineTasks;

export type EngineTask = {
  [Kind in EngineTaskKind]: { readonly kind: Kind; readonly input: EngineTasks[Kind]['input'] };
}[EngineTaskKind];

export interface QueuedTask {
  readonly id: number;
  /** It may run on that many of the first threads. */
  readonly lanes: number;
  readonly task: EngineTask;
}

/** To the engine process and on to one of its threads. */
export type EngineRequest =
  | QueuedTask
  /** Ends the task between two windows; its answer is `stopped`. */
  | { readonly stop: number };

export interface TaskFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The system's error code, such as ENOSPC. */
  readonly code: string | undefined;
}

export type EngineAnswer =
  /** Got further: one window, one block of samples, one word. More answers follow. */
  | { readonly id: number; readonly outcome: 'progress'; readonly fraction: number | undefined }
  | { readonly id: number; readonly outcome: 'done'; readonly result: EngineTasks[EngineTaskKind]['result'] }
  | { readonly id: number; readonly outcome: 'failed'; readonly failure: TaskFailure }
  | { readonly id: number; readonly outcome: 'stopped' };
