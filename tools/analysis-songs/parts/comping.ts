/** Chords of a hand or of strings, by the figure of the style; and the pad under them. */
import type { Chord } from '../chord.ts';
import type { Dice } from '../dice.ts';
import type { Bar } from '../song-form.ts';
import type { SongPlan } from '../song-plan.ts';
import { stepsOf } from './figure.ts';
import type { Note, Step } from './figure.ts';
import { closeVoicing, strummedVoicing } from './voicing.ts';

const STRUM_SECONDS = 0.009;

/** @param isStrummed by a guitar: string after string, over six strings */
export function playComping(plan: SongPlan, bars: readonly Bar[], isStrummed: boolean, dice: Dice): Note[] {
  const figures = { verse: dice.pick(plan.style.comping), chorus: dice.pick(plan.style.comping) };
  const centerMidi = dice.whole(55, 64);
  const beatSeconds = 60 / plan.tempoBpm;
  let held: number[] = [];
  let heldChord: Chord | null = null;
  return bars.flatMap((bar) => {
    if (!bar.players.has('comping')) return [];
    const figure = bar.section === 'end' ? `x${'-'.repeat(plan.beatsPerBar - 1)}` : figures[bar.section];
    return stepsOf(figure, bar, plan).flatMap((step) => {
      if (step.span.chord !== heldChord) {
        held = isStrummed ? strummedVoicing(step.span.chord) : closeVoicing(step.span.chord, held, centerMidi);
        heldChord = step.span.chord;
      }
      const velocity = (step.symbol === 'o' ? 58 : 82) + dice.whole(-6, 6);
      return tonesOf(step, held).map((pitchMidi, string): Note => {
        const late = isStrummed ? (string * STRUM_SECONDS) / beatSeconds : 0;
        return {
          part: 'comping',
          startBeat: step.startBeat + late,
          endBeat: Math.max(step.endBeat - 0.03, step.startBeat + late + 0.05),
          pitchMidi,
          velocity,
        };
      });
    });
  });
}

function tonesOf(step: Step, held: readonly number[]): readonly number[] {
  if (!/\d/u.test(step.symbol)) return held;
  const tone = held[Number(step.symbol) % held.length];
  return tone === undefined ? [] : [tone];
}

/** Held through each chord, softly. */
export function playPad(bars: readonly Bar[], dice: Dice): Note[] {
  const centerMidi = dice.whole(60, 67);
  let held: number[] = [];
  return bars.flatMap((bar) => {
    if (!bar.players.has('pad')) return [];
    return bar.chords.flatMap(({ chord, startBeat, endBeat }) => {
      held = closeVoicing(chord, held, centerMidi);
      return held.map((pitchMidi): Note => ({
        part: 'pad',
        startBeat,
        endBeat: endBeat - 0.02,
        pitchMidi,
        velocity: 62,
      }));
    });
  });
}
