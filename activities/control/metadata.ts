import type { DecodedRecording } from '../../workflows/contract/recording.ts';
import type { FinishedStem, SeparationResult } from '../../workflows/contract/stems.ts';

/** `metadata.json`, delivered beside the stems: what was measured, in names with units. */
export function separationMetadata(result: SeparationResult, recording: DecodedRecording): string {
  const { strategy, quality, format, finished } = result;
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
    stems: finished.stems.map((stem) => describe(stem, format)),
    residual: describe(finished.residual, format),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function describe(stem: FinishedStem, format: string): object {
  return {
    name: stem.name,
    file: `${stem.name}.${format}`,
    waveform: `${stem.name}.png`,
    loudnessLufs: stem.loudnessLufs,
    peakDbtp: stem.peakDbtp,
    gainDb: stem.gainDb,
  };
}
