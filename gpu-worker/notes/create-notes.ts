import type { HeardNote } from '../../workflows/contract/notes.ts';
import { findFrameNotes } from './find-frame-notes.ts';
import type { FrameNote } from './find-frame-notes.ts';
import { frameSeconds, LOWEST_PITCH_MIDI } from './note-grid.ts';
import type { NoteOptions } from './note-options.ts';
import { oneVoice } from './one-voice.ts';
import { pitchBends } from './pitch-bends.ts';
import type { Posteriors } from './posteriors.ts';

/** The notes of a song, by their start, then by pitch. A note that sounds together with another has no bends. */
export function createNotes(posteriors: Posteriors, options: NoteOptions): HeardNote[] {
  const found = findFrameNotes(posteriors, options);
  const notes = (options.voices === 'one' ? oneVoice(found) : found).toSorted(
    (a, b) => a.startFrame - b.startFrame || a.pitch - b.pitch,
  );
  const overlapping = overlaps(notes);
  return notes.map((note, index) => ({
    startSeconds: frameSeconds(note.startFrame),
    endSeconds: frameSeconds(note.endFrame),
    pitchMidi: LOWEST_PITCH_MIDI + note.pitch,
    amplitude: note.amplitude,
    bendCents: overlapping.has(index) ? null : pitchBends(posteriors.contour, note),
  }));
}

/** Indices of the notes that sound together with another. */
function overlaps(notes: readonly FrameNote[]): ReadonlySet<number> {
  const found = new Set<number>();
  /** Of those so far, the one that sounds longest. */
  let longest = 0;
  for (let index = 1; index < notes.length; index++) {
    if (notes[index]!.startFrame < notes[longest]!.endFrame) found.add(index).add(longest);
    if (notes[index]!.endFrame > notes[longest]!.endFrame) longest = index;
  }
  return found;
}
