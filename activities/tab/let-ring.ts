/** How long each plucked note goes on: to its end, or until its string or its finger is needed for what comes next. */
import { canHold } from './hand.ts';
import type { Hand } from './hand.ts';
import type { FingeredNote, FingeredStroke } from './fingered-stroke.ts';

interface Held {
  readonly note: FingeredNote;
  endTick: number;
  /** The stroke that ended it; null where it ended by itself. */
  endedBy: FingeredStroke | null;
}

export interface RungStroke extends FingeredStroke {
  readonly notes: readonly (FingeredNote & { readonly endedBy: FingeredStroke | null })[];
}

/**
 * @returns the strokes with their notes' ends moved forward where needed, so that the hand can hold whatever sounds at any time, as it is written and as
 * it was heard
 */
export function letRing(strokes: readonly FingeredStroke[], hand: Hand, capo: number): RungStroke[] {
  const rung = strokes.map(({ notes }) => notes.map((note): Held => ({ note, endTick: note.endTick, endedBy: null })));
  let ringing: Held[] = [];
  for (const [index, stroke] of strokes.entries()) {
    const kept: Held[] = [];
    // What would ring longest is kept first.
    const still = ringing.filter(
      ({ note, endTick }) => endTick > stroke.startTick || note.note.endSeconds > heardStart(stroke),
    );
    for (const held of still.sort((a, b) => b.endTick - a.endTick)) {
      if (canHold([...stroke.notes, ...kept.map(({ note }) => note), held.note], hand, capo)) {
        kept.push(held);
      } else {
        held.endTick = Math.min(held.endTick, stroke.startTick);
        held.endedBy = stroke;
      }
    }
    ringing = [...kept, ...(rung[index] as Held[])];
  }
  return strokes.map((stroke, index) => ({
    ...stroke,
    notes: (rung[index] as Held[]).map(({ note, endTick, endedBy }) => ({ ...note, endTick, endedBy })),
  }));
}

/** When the first note of a stroke was heard. */
export function heardStart({ notes }: FingeredStroke): number {
  return Math.min(...notes.map(({ note }) => note.startSeconds));
}
