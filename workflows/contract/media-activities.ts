import type { DecodedRecording, ProbedSource, StoredSource } from './recording.ts';
import type { Encoding, Preview, ResultFile } from './delivery.ts';
import type { MadeRendering } from './rendering.ts';
import type { StemFormat } from './request.ts';
import type { FinishedStem } from './stems.ts';

/** Queue `media`: everything that runs ffmpeg or ffprobe. */
export interface MediaActivities {
  /** Refuses what is not audio, too long, too large or damaged, before anything is decoded. */
  probeSource(input: { readonly jobId: string; readonly source: StoredSource }): Promise<ProbedSource>;
  decodeRecording(input: {
    readonly jobId: string;
    readonly source: StoredSource;
    readonly probed: ProbedSource;
  }): Promise<DecodedRecording>;
  /** Encodes each stem, and gathers the waveform pictures. Cached by content and encoding. */
  encodeStems(input: {
    readonly jobId: string;
    readonly stems: readonly FinishedStem[];
    readonly encoding: Encoding;
  }): Promise<readonly ResultFile[]>;
  /** The loudest 20 s of a stem (all of a shorter one), for a voice message. Cached by content. */
  makePreview(input: { readonly jobId: string; readonly stem: FinishedStem }): Promise<Preview>;
  /** What the mixer's page plays. A residual that nobody would hear is left out. Each stem is cut once for all who pack it. */
  packPlayer(input: {
    readonly renderingId: string;
    /** The residual is the last. */
    readonly stems: readonly FinishedStem[];
  }): Promise<MadeRendering>;
  /** Adds the stems up and encodes the sum. Cached by content, levels and format. */
  mixDown(input: {
    readonly renderingId: string;
    readonly stems: readonly FinishedStem[];
    /** By stem, as factors; a stem that is not named is silent. */
    readonly gains: Readonly<Record<string, number>>;
    readonly format: StemFormat;
  }): Promise<MadeRendering>;
}
