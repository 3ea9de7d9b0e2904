/** A tune: tones of the chord where it counts, steps of the scale between, the same where a section comes again. */
import { pitchClassesOf, scaleOf } from '../chord.ts';
import type { Chord, SongKey } from '../chord.ts';
import { createDice } from '../dice.ts';
import type { Dice } from '../dice.ts';
import type { Bar } from '../song-form.ts';
import type { SongPlan } from '../song-plan.ts';
import { stepsOf } from './figure.ts';
import type { Note, Step } from './figure.ts';

/** Bars on eighths, `x` a note: those on the beat, those that avoid it. */
const RHYTHMS: Readonly<Record<3 | 4, Readonly<Record<'even' | 'syncopated', readonly string[]>>>> = {
  4: {
    even: ['x---x---', 'x-x-x---', 'x-xxx---', 'x---x-x-', 'x-------', '..x-x-x-', 'x-x-x-xx', 'x--xx---', '........'],
    syncopated: ['.x-x-x--', 'x--x--x-', '.x-x--x-', 'x--x----', '...x-xx-', 'xx-x-xx-', '..xx-x--', '........'],
  },
  3: {
    even: ['x-x-x-', 'x---x-', 'x-----', 'x-xxx-', '..x-x-', 'x-x---', 'x--xx-', '......'],
    syncopated: ['x--x--', '.x-x-x', '.x--x-', 'x-.x--', '......'],
  },
};
const REPEATED_BARS = 4;

export function playMelody(plan: SongPlan, bars: readonly Bar[], centerMidi: number): Note[] {
  const notes: Note[] = [];
  let previous = centerMidi;
  for (const bar of bars) {
    if (!bar.players.has('melody')) continue;
    // Bars of a section that come again are played as they were, but for the chords under them.
    const dice = createDice(plan.seed, plan.number, 'melody', bar.section, bar.barOfSection % REPEATED_BARS);
    for (const step of stepsOf(rhythmOf(plan, bar, dice), bar, plan)) {
      previous = nextPitch(plan.key, step, previous, centerMidi, dice);
      notes.push({
        part: 'melody',
        startBeat: step.startBeat,
        endBeat: step.endBeat - 0.05,
        pitchMidi: previous,
        velocity: 92 + dice.whole(-8, 8),
      });
    }
  }
  return notes;
}

/** Notes that lead into the first bar, up the scale to the tonic. */
export function playPickUp(key: SongKey, beats: number, centerMidi: number): Note[] {
  const scale = scaleOf(key);
  const down = Array.from({ length: 24 }, (_, step) => centerMidi + 6 - step).filter((pitch) =>
    scale.includes(pitch % 12),
  );
  const from = down.slice(down.findIndex((pitch) => pitch % 12 === key.tonicPitchClass) + 1);
  return Array.from({ length: beats }, (_, index) => ({
    part: 'melody' as const,
    startBeat: -1 - index,
    endBeat: -0.1 - index,
    pitchMidi: from[index] ?? centerMidi,
    velocity: 90,
  }));
}

function rhythmOf(plan: SongPlan, bar: Bar, dice: Dice): string {
  const rhythms = RHYTHMS[plan.beatsPerBar];
  if (bar.section === 'end') return 'x'.padEnd(plan.beatsPerBar * 2, '-');
  if (bar.barOfSection % REPEATED_BARS === REPEATED_BARS - 1)
    return dice.pick([...rhythms.even.slice(0, 1), 'x'.padEnd(plan.beatsPerBar * 2, '-')]);
  return dice.pick(dice.chance(plan.style.syncopation) ? rhythms.syncopated : rhythms.even);
}

function nextPitch(key: SongKey, step: Step, previous: number, centerMidi: number, dice: Dice): number {
  const { chord, startBeat } = step.span;
  const isStrong = step.startBeat === startBeat || step.endBeat - step.startBeat >= 1;
  const allowed = isStrong || dice.chance(0.4) ? pitchClassesOf(chord) : passingTones(key, chord);
  const near = Array.from({ length: 15 }, (_, index) => previous - 7 + index)
    .filter((pitch) => allowed.includes(pitch % 12) && Math.abs(pitch - centerMidi) <= 12)
    .map((pitch) => [weightOf(pitch, previous, centerMidi), pitch] as const);
  return near.length > 0 ? dice.weigh(near) : centerMidi;
}

/** The scale without what rubs against a tone of the chord from outside the key. */
function passingTones(key: SongKey, chord: Chord): number[] {
  const scale = scaleOf(key);
  const foreign = pitchClassesOf(chord).filter((pitchClass) => !scale.includes(pitchClass));
  return [...foreign, ...scale.filter((tone) => foreign.every((other) => ![1, 11].includes((tone - other + 12) % 12)))];
}

function weightOf(pitch: number, previous: number, centerMidi: number): number {
  const leap = Math.abs(pitch - previous);
  const size = leap === 0 ? 0.7 : leap <= 2 ? 3 : leap <= 5 ? 1.2 : 0.3;
  return size * Math.exp(-0.004 * (pitch - centerMidi) ** 2);
}
