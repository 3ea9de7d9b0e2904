/** Which of all the notes that were heard belong to a part: a network that hears notes knows no parts, and hears overtones as notes too. */
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { TabPart } from '../../workflows/contract/tab.ts';

/** C4: above the fifteenth fret of a bass's highest string, where hardly a bass line goes and others play. */
const HIGHEST_BASS_MIDI = 60;
/** A note that sounds under others for more of its time than this is not the part's line. */
const HIDDEN_SHARE = 0.5;
/** What is quieter than this beside a note above it is not what that note stands on. */
const BASS_SHARE = 0.5;

export interface PartNotes {
  readonly own: readonly HeardNote[];
  /** Of other parts, and overtones. */
  readonly others: readonly HeardNote[];
}

/** A guitar plays all of them, a bass the lowest line, and a melody is the line that sounds strongest. Of equal notes that hide each other both stay. */
export function partNotes(notes: readonly HeardNote[], part: TabPart): PartNotes {
  const hides = HIDES[part];
  if (hides === null) return { own: notes, others: [] };
  const sorted = notes.toSorted((a, b) => a.startSeconds - b.startSeconds);
  const hidden = hiddenNotes(sorted, hides);
  const isOwn = (note: HeardNote): boolean =>
    !hidden.has(note) && (part !== 'bass' || note.pitchMidi <= HIGHEST_BASS_MIDI);
  return { own: sorted.filter(isOwn), others: sorted.filter((note) => !isOwn(note)) };
}

/** Whether one of two notes that sound together hides the other. */
type Hides = (one: HeardNote, other: HeardNote) => boolean;

const HIDES: Readonly<Record<TabPart, Hides | null>> = {
  guitar: null,
  bass: (one, other) => one.pitchMidi < other.pitchMidi && one.amplitude >= BASS_SHARE * other.amplitude,
  melody: (one, other) => one.amplitude * lengthOf(one) > other.amplitude * lengthOf(other),
};

/** @param sorted by their starts */
function hiddenNotes(sorted: readonly HeardNote[], hides: Hides): Set<HeardNote> {
  const longestSeconds = sorted.reduce((longest, note) => Math.max(longest, lengthOf(note)), 0);
  let first = 0;
  const isHidden = (note: HeardNote): boolean => {
    while ((sorted[first] as HeardNote).startSeconds + longestSeconds < note.startSeconds) first++;
    for (let at = first; at < sorted.length; at++) {
      const other = sorted[at] as HeardNote;
      if (other.startSeconds >= note.endSeconds) break;
      if (hides(other, note) && overlap(other, note) > HIDDEN_SHARE * lengthOf(note)) return true;
    }
    return false;
  };
  return new Set(sorted.filter(isHidden));
}

function lengthOf({ startSeconds, endSeconds }: HeardNote): number {
  return endSeconds - startSeconds;
}

function overlap(one: HeardNote, other: HeardNote): number {
  return Math.min(one.endSeconds, other.endSeconds) - Math.max(one.startSeconds, other.startSeconds);
}
