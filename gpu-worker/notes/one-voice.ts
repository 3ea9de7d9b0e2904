import type { FrameNote } from './find-frame-notes.ts';

/** A voice may begin its next note so long before the last one is judged to have ended: 46 ms. */
const SLUR_FRAMES = 4;

/**
 * Notes that one voice can have sung: of those that sound together, the one that is the surest for the longest.
 * What is left of a band in a vocal stem goes this way, as it is weaker or shorter than what is sung over it.
 */
export function oneVoice(notes: readonly FrameNote[]): readonly FrameNote[] {
  const weight = ({ startFrame, endFrame, amplitude }: FrameNote): number => amplitude * (endFrame - startFrame);
  const sung: FrameNote[] = [];
  for (const note of notes.toSorted((a, b) => weight(b) - weight(a))) {
    const isAlone = sung.every(
      (other) => Math.min(other.endFrame, note.endFrame) - Math.max(other.startFrame, note.startFrame) <= SLUR_FRAMES,
    );
    if (isAlone) sung.push(note);
  }
  return sung;
}
