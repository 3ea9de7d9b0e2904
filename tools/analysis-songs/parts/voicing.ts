/** How a hand holds a chord. */
import { bassPitchClass, pitchClassesOf } from '../chord.ts';
import type { Chord } from '../chord.ts';

/** Close together around `centerMidi`, as near as can be to what was held before. @returns pitches from below */
export function closeVoicing(chord: Chord, before: readonly number[], centerMidi: number): number[] {
  const classes = pitchClassesOf(chord);
  const inversions = classes.flatMap((_, turn) => {
    const turned = [...classes.slice(turn), ...classes.slice(0, turn)];
    return [-12, 0].map((octave) => stackFrom(turned, centerMidi + octave));
  });
  const cost = (pitches: readonly number[]): number =>
    (before.length > 0 ? distance(pitches, before) : 0) + 0.6 * Math.abs(mean(pitches) - centerMidi);
  return inversions.toSorted((a, b) => cost(a) - cost(b))[0] ?? [];
}

/** Over five or six strings: the bass note, then tones of the chord a third to a fourth apart. @returns pitches from below */
export function strummedVoicing(chord: Chord): number[] {
  const classes = pitchClassesOf(chord);
  const lowest = 40 + ((((bassPitchClass(chord) - 40) % 12) + 12) % 12);
  const pitches = [lowest];
  for (let pitch = lowest + 3; pitch <= 67 && pitches.length < 6; pitch += 1) {
    const gap = pitch - (pitches.at(-1) ?? 0);
    if (gap >= (pitches.length === 1 ? 5 : 3) && classes.includes(pitch % 12)) pitches.push(pitch);
  }
  const missing = classes.find((pitchClass) => !pitches.some((pitch) => pitch % 12 === pitchClass));
  return missing === undefined ? pitches : [...pitches, stackFrom([missing], 64)[0] ?? 64].toSorted((a, b) => a - b);
}

function stackFrom(classes: readonly number[], fromMidi: number): number[] {
  const pitches: number[] = [];
  for (const pitchClass of classes) {
    const above = pitches.length === 0 ? fromMidi : (pitches.at(-1) ?? 0) + 1;
    pitches.push(above + ((((pitchClass - above) % 12) + 12) % 12));
  }
  return pitches;
}

function distance(pitches: readonly number[], before: readonly number[]): number {
  return pitches.reduce((sum, pitch) => sum + Math.min(...before.map((other) => Math.abs(pitch - other))), 0);
}

function mean(pitches: readonly number[]): number {
  return pitches.reduce((sum, pitch) => sum + pitch, 0) / pitches.length;
}
