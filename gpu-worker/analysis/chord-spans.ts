// Chords with their names, times and confidences.
import type { ChordSpan } from '../../workflows/contract/analysis.ts';
import { chordTones } from './chord-vocabulary.ts';
import type { Chord } from './chord-vocabulary.ts';
import type { ChordRun } from './chords.ts';
import type { HarmonyGrid } from './harmony-grid.ts';
import type { SlotNotes } from './note-activity.ts';
import { spellIn } from '../../workflows/contract/scales.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';

/** The share of a chord's tones in what sounds while a band plays it cleanly. */
const CLEAN = 0.85;
/** A tone with such a share is surely played. */
const PLAINLY_HEARD = 0.1;

/** Of hearing no chord. */
const NO_CHORD_CONFIDENCE = 0.8;

/** Runs in seconds with their labels, spelled for the key. */
export function chordSpans(
  runs: readonly ChordRun[],
  slots: readonly SlotNotes[],
  grid: HarmonyGrid,
  key: NamedKey | null,
): ChordSpan[] {
  return runs.map(({ from, to, chord }) => ({
    startSeconds: grid.edgesSeconds[from]!,
    endSeconds: grid.edgesSeconds[to]!,
    label: chordLabel(chord, key),
    confidence: chord === null ? NO_CHORD_CONFIDENCE : runConfidence(slots.slice(from, to), chord),
  }));
}

/** Harte, Sandler, Abdallah and Gómez 2005, "Symbolic representation of musical chords". */
function chordLabel(chord: Chord | null, key: NamedKey | null): string {
  if (chord === null) return 'N';
  const bass = chord.bassDegree === null ? '' : `/${chord.bassDegree}`;
  return `${spellIn(chord.root, key)}:${chord.quality}${bass}`;
}

/**
 * The share of what sounds that is of the chord, stretched so that evenly spread notes give 0 and clean ones 1, times the share of its triad that is
 * heard at all.
 */
function runConfidence(slots: readonly SlotNotes[], chord: Chord): number {
  const tones = chordTones(chord);
  const heard = new Float64Array(12);
  for (const { bass, treble } of slots) {
    for (let pitch = 0; pitch < 12; pitch++) heard[pitch]! += 0.3 * bass[pitch]! + 0.7 * treble[pitch]!;
  }
  const total = heard.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  const own = tones.reduce((sum, tone) => sum + heard[tone]!, 0) / total;
  const even = tones.length / 12;
  const triad = tones.slice(0, 3);
  const present = triad.reduce((sum, tone) => sum + Math.min(1, heard[tone]! / (PLAINLY_HEARD * total)), 0);
  return (Math.min(1, Math.max(0, (own - even) / (CLEAN - even))) * present) / triad.length;
}
