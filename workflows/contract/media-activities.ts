import type { DecodedRecording, ProbedSource, StoredSource } from './recording.ts';
import type { Encoding, Preview, ResultFile } from './delivery.ts';
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
}
