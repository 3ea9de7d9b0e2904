import type { DecodedRecording, ProbedSource, StoredSource } from './recording.ts';
import type { StemFormat } from './request.ts';
import type { DeliveredFile, FinishedStems } from './stems.ts';

/** Queue `media`: everything that runs ffmpeg or ffprobe. */
export interface MediaActivities {
  /** Refuses what is not audio, too long, too large or damaged, before anything is decoded. */
  probeSource(input: { readonly jobId: string; readonly source: StoredSource }): Promise<ProbedSource>;
  decodeRecording(input: {
    readonly jobId: string;
    readonly source: StoredSource;
    readonly probed: ProbedSource;
  }): Promise<DecodedRecording>;
  /** Encodes each stem and the residual, and gathers the waveform pictures. Cached by content. */
  encodeStems(input: {
    readonly jobId: string;
    readonly finished: FinishedStems;
    readonly format: StemFormat;
  }): Promise<readonly DeliveredFile[]>;
}
