/** Notes that are struck together: the strings of one stroke over a chord are never heard at one instant. */
import type { HeardNote } from '../../workflows/contract/notes.ts';

export const CHORD_SECONDS = 0.03;

/** @returns groups in the order of time; in each, all begin within {@link CHORD_SECONDS} of its first note */
export function groupNotes(notes: readonly HeardNote[]): HeardNote[][] {
  const groups: HeardNote[][] = [];
  for (const note of [...notes].sort((a, b) => a.startSeconds - b.startSeconds || a.pitchMidi - b.pitchMidi)) {
    const group = groups.at(-1);
    if (group !== undefined && note.startSeconds - (group[0] as HeardNote).startSeconds <= CHORD_SECONDS) {
      group.push(note);
    } else {
      groups.push([note]);
    }
  }
  return groups;
}
