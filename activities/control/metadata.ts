import type { DecodedRecording } from '../../workflows/contract/recording.ts';
import type { FinishedStem, SeparationResult } from '../../workflows/contract/stems.ts';

/** `metadata.json`, delivered beside the stems: what was measured, in names with units. */
export function separationMetadata(result: SeparationResult, recording: DecodedRecording): string {
  const { strategy, quality, format, finished, pick, mixed } = result;
  const document = {
    title: recording.title,
    recording: {
      sha256: recording.sha256,
      durationSeconds: recording.durationSeconds,
      rateHz: recording.canonical.rateHz,
      channels: recording.canonical.channels,
      samples: recording.canonical.samples,
    },
    strategy,
    quality,
    format,
    nullDepthDb: finished.nullDepthDb,
    stems: finished.stems.map((stem) => (mixed === null ? describe(stem, format) : measured(stem))),
    residual: mixed === null ? describe(finished.residual, format) : measured(finished.residual),
    ...(mixed === null ? {} : { pick, mix: describe(mixed, format) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function describe(stem: FinishedStem, format: string): object {
  const { name, ...numbers } = measured(stem);
  return { name, file: `${name}.${format}`, waveform: `${name}.png`, ...numbers };
}

/** Of stems that are not handed over one by one too. */
function measured({ name, loudnessLufs, peakDbtp, gainDb }: FinishedStem): MeasuredStem {
  return { name, loudnessLufs, peakDbtp, gainDb };
}

type MeasuredStem = Pick<FinishedStem, 'name' | 'loudnessLufs' | 'peakDbtp' | 'gainDb'>;
