/** What may be asked of a measuring thread, and the messages for it. */
import type { PeakColumns } from '../dsp/peaks.ts';
import type { AnalysedSong, DamagedSong, HeardFiles } from './analyse-heard.ts';
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
  /** All that is heard in a song, to be kept. */
  readonly hear: { readonly input: { readonly wavPath: string }; readonly result: Uint8Array };
  /** A song's analysis from what was heard, and the picture of it; or what of that is damaged. */
  readonly analyse: { readonly input: HeardFiles; readonly result: AnalysedSong | DamagedSong };
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
