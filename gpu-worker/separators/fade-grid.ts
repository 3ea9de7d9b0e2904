/**
 * The window grid of Music-Source-Separation-Training's generic `demix` (utils/model_utils.py), which SCNet and the RoFormers were
 * published with: segments every `stepSamples`, linear fades over a tenth of a segment, and a song that is long enough gets its ends
 * mirrored out by `segment - step` first, so that every sample of it is seen by as many segments as any other.
 */
import type { WindowSpan } from '../models/separator.ts';

export interface FadeGrid {
  readonly windows: (totalSamples: number) => readonly WindowSpan[];
  readonly weight: (span: WindowSpan) => Float32Array;
  /** Where the network's segment begins, relative to the song's first sample; negative in the mirrored part. */
  readonly segmentStart: (span: WindowSpan) => number;
  /**
   * For each of the segment's samples its place in the input span, or -1 where the segment is zero. Inside the song the input span is
   * all the song there is to mirror, so a window still depends on its own span alone.
   */
  readonly sources: (span: WindowSpan) => Int32Array;
}

/** @param stepSamples at most half of `segmentSamples`, as the mirroring needs. Thrown `RangeError` otherwise. */
export function createFadeGrid(segmentSamples: number, stepSamples: number): FadeGrid {
  if (stepSamples < 1 || stepSamples > segmentSamples / 2) {
    throw new RangeError(`a step of ${String(stepSamples)} for segments of ${String(segmentSamples)}`);
  }
  const border = segmentSamples - stepSamples;
  const fadeSamples = Math.floor(segmentSamples / 10);
  const shortInputEnd = segmentSamples + border;

  // Songs that are too short to mirror have one input span for all windows, which no window of a longer song has.
  const isShort = (span: WindowSpan): boolean => span.inputStart === 0 && span.inputEnd === shortInputEnd;
  const segmentStart = (span: WindowSpan): number => (span.outputStart > 0 ? span.outputStart : span.inputStart);

  return {
    segmentStart,
    windows(totalSamples) {
      const mirrored = totalSamples > 2 * border;
      const spans: WindowSpan[] = [];
      for (let start = mirrored ? -border : 0; start < totalSamples; start += stepSamples) {
        const end = start + segmentSamples;
        const output = { outputStart: Math.max(0, start), outputEnd: Math.min(totalSamples, end) };
        if (!mirrored) spans.push({ inputStart: 0, inputEnd: shortInputEnd, ...output });
        else if (end > totalSamples) {
          spans.push({ inputStart: Math.min(start, totalSamples - 1 - border), inputEnd: totalSamples, ...output });
        } else spans.push({ inputStart: start, inputEnd: Math.max(end, 1 - start), ...output });
      }
      return spans;
    },
    weight(span) {
      const start = segmentStart(span);
      const skipped = span.outputStart - start;
      // The first window of a short song is alone at its beginning: no fade-in, which would start at weight zero.
      const fadesIn = !(isShort(span) && start === 0);
      return Float32Array.from({ length: span.outputEnd - span.outputStart }, (_, index) => {
        const n = skipped + index;
        if (fadesIn && n < fadeSamples) return n / (fadeSamples - 1);
        const left = segmentSamples - 1 - n;
        return left < fadeSamples ? left / (fadeSamples - 1) : 1;
      });
    },
    sources(span) {
      const start = segmentStart(span);
      const songEnd = span.outputEnd < start + segmentSamples ? span.outputEnd : Number.POSITIVE_INFINITY;
      const short = isShort(span);
      // demix mirrors what remains of a short song only when that is more than half a segment.
      const mirrorsTail = !short || songEnd - start > Math.floor(segmentSamples / 2);
      return Int32Array.from({ length: segmentSamples }, (_, index) => {
        let n = Math.abs(start + index);
        if (!short && n >= songEnd + border) n = 2 * (songEnd + border - 1) - n;
        if (n >= songEnd) {
          if (!mirrorsTail) return -1;
          n = 2 * (songEnd - 1) - n;
        }
        return n - span.inputStart;
      });
    },
  };
}
