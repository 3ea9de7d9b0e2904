import type { WindowSpan } from '../models/separator.ts';

/**
 * Windows whose outputs lie end to end, `step` samples each (the last as long as the song needs), with `context` samples of input
 * around each. Contributions need no weight.
 */
export function gridWindows(totalSamples: number, step: number, context: number): WindowSpan[] {
  return Array.from({ length: Math.ceil(totalSamples / step) }, (_, index) => {
    const outputStart = index * step;
    const outputEnd = Math.min(totalSamples, outputStart + step);
    return { inputStart: outputStart - context, inputEnd: outputEnd + context, outputStart, outputEnd };
  });
}
