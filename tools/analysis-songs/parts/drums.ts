/** The groove, fills that lead over, crashes where a section begins. */
import type { Dice } from '../dice.ts';
import type { Bar } from '../song-form.ts';
import type { SongPlan } from '../song-plan.ts';
import type { Groove } from '../styles.ts';
import { swungBeat } from './figure.ts';
import type { Note } from './figure.ts';

/** General MIDI's percussion keys. */
const DRUMS: Readonly<Record<string, number>> = {
  kick: 36,
  rim: 37,
  snare: 38,
  clap: 39,
  hat: 42,
  pedalHat: 44,
  openHat: 46,
  crash: 49,
  ride: 51,
  tambourine: 54,
  shaker: 70,
};
const TOMS = [50, 47, 45, 43] as const;
const LOUDNESS: Readonly<Record<string, number>> = { X: 114, x: 92, o: 56 };
/** A stroke needs no length; a player needs a note-off. */
const STROKE_BEATS = 0.1;

function stroke(startBeat: number, pitchMidi: number, velocity: number): Note {
  return { part: 'drums', startBeat, endBeat: startBeat + STROKE_BEATS, pitchMidi, velocity };
}

export function playDrums(plan: SongPlan, bars: readonly Bar[], dice: Dice): Note[] {
  const { drums } = plan.style;
  if (drums.length === 0) return [];
  const grooves = { verse: dice.pick(drums), chorus: dice.pick(drums), end: dice.pick(drums) };
  const crashes = dice.chance(0.7);
  const notes: Note[] = [];
  for (const bar of bars) {
    if (!bar.players.has('drums')) continue;
    if (bar.section === 'end') {
      notes.push(stroke(bar.startBeat, 36, 110), stroke(bar.startBeat, 49, 104));
      continue;
    }
    const fillBeat = bar.hasFill ? plan.beatsPerBar - dice.pick([1, 2]) : plan.beatsPerBar;
    notes.push(...grooveBar(plan, bar, grooves[bar.section], fillBeat));
    if (bar.hasFill) notes.push(...fillFrom(plan, bar.startBeat + fillBeat, bar.startBeat + plan.beatsPerBar, dice));
    if (crashes && bar.barOfSection === 0) notes.push(stroke(bar.startBeat, 49, 100));
  }
  return notes;
}

function grooveBar(plan: SongPlan, bar: Bar, groove: Groove, untilBeat: number): Note[] {
  return Object.entries(groove).flatMap(([drum, figure]) => {
    const stepsPerBeat = figure.length / plan.beatsPerBar;
    return [...figure].flatMap((letter, index) => {
      const velocity = LOUDNESS[letter];
      const pitch = DRUMS[drum];
      const beat = swungBeat(index / stepsPerBeat, stepsPerBeat, plan.swing);
      if (velocity === undefined || pitch === undefined || beat >= untilBeat) return [];
      return [stroke(bar.startBeat + beat, pitch, velocity)];
    });
  });
}

/** Snare and toms, down the kit; eighths where sixteenths would be too fast to play. */
export function fillFrom(plan: SongPlan, fromBeat: number, toBeat: number, dice: Dice): Note[] {
  const isTriple = plan.swing > 0.5;
  const stepsPerBeat = isTriple ? 3 : plan.tempoBpm > 130 ? 2 : dice.pick([2, 4]);
  const steps = Math.round((toBeat - fromBeat) * stepsPerBeat);
  const notes: Note[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (step > 0 && dice.chance(0.15)) continue;
    const tom = Math.floor((step / steps) * (TOMS.length + 1));
    const pitch = tom === 0 ? 38 : (TOMS[tom - 1] ?? 38);
    notes.push(stroke(fromBeat + step / stepsPerBeat, pitch, dice.whole(84, 108)));
  }
  return notes;
}
