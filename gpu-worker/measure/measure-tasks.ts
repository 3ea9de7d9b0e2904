/** What may be asked of a measuring thread, and the messages for it. */
import type { PeakColumns } from '../dsp/peaks.ts';
import type { AnalysedFile, FileAnalysis } from './analyse-file.ts';
import type { RecordingShape } from './conform.ts';
import type { Subtraction, SubtractionResult } from './measure-files.ts';
import type { PartsMix, PartsMixResult } from './mix-parts.ts';
import type { StemReadings } from './stem-meter.ts';
import type { WaveformPicture } from './waveform-picture.ts';

export interface MeasureTasks {
  /** Writes a stem at the recording's channels and length. */
  readonly conform: {
    readonly input: { readonly wavPath: string; readonly outPath: string; readonly shape: RecordingShape };
    readonly result: null;
  };
  readonly measure: { readonly input: { readonly wavPath: string }; readonly result: StemReadings };
  readonly subtract: { readonly input: Subtraction; readonly result: SubtractionResult };
  readonly mix: { readonly input: PartsMix; readonly result: PartsMixResult };
  /** A song's analysis, and the picture of it. */
  readonly analyse: { readonly input: FileAnalysis; readonly result: AnalysedFile };
  /** A waveform as PNG. */
  readonly draw: {
    readonly input: WaveformPicture & { readonly peaks: PeakColumns };
    readonly result: Uint8Array;
  };
}
export type MeasureTaskKind = keyof MeasureTasks;

export interface MeasureRequest<Kind extends MeasureTaskKind = MeasureTaskKind> {
  readonly kind: Kind;
  readonly input: MeasureTasks[Kind]['input'];
}

export type MeasureMessage =
  | { readonly is: 'progress'; readonly fraction: number }
  | { readonly is: 'done'; readonly result: MeasureTasks[MeasureTaskKind]['result'] }
  | { readonly is: 'failed'; readonly name: string; readonly message: string; readonly code: string | undefined };
