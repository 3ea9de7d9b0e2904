/** The name of every note of a score. */
import { spellNote } from './spelling.ts';
import type { SpelledPitch } from './spelling.ts';
import type { ScoreNote, TabScore } from './tab-score.ts';

/** Each by the chord that sounds where it begins; what is tied to it keeps its name. */
export function spellNotes({ bars, key }: Pick<TabScore, 'bars' | 'key'>): Map<ScoreNote, SpelledPitch> {
  const names = new Map<ScoreNote, SpelledPitch>();
  const byString = new Map<number, SpelledPitch>();
  let sounding: string | null = null;
  for (const { chord, notes } of bars.flatMap(({ beats }) => beats)) {
    sounding = chord ?? sounding;
    for (const note of notes) {
      const before = note.tied ? byString.get(note.string) : undefined;
      const name = before ?? spellNote(note.pitchMidi, key, sounding);
      names.set(note, name);
      byString.set(note.string, name);
    }
  }
  return names;
}
