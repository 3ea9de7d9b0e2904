/** The bass line: the figure of the style on the chords, with steps that lead over. */
import { bassPitchClass, pitchClassesOf } from '../chord.ts';
import type { Chord } from '../chord.ts';
import type { Dice } from '../dice.ts';
import type { Bar } from '../song-form.ts';
import type { SongPlan } from '../song-plan.ts';
import { stepsOf } from './figure.ts';
import type { Note } from './figure.ts';

/** The open low E of a bass, and an octave and a half above it. */
const LOWEST_MIDI = 28;
const HIGHEST_MIDI = 46;

export function playBass(plan: SongPlan, bars: readonly Bar[], dice: Dice): Note[] {
  const figures = { verse: dice.pick(plan.style.bass), chorus: dice.pick(plan.style.bass) };
  const floor = LOWEST_MIDI + dice.whole(0, 5);
  const lowest = (pitchClass: number): number => floor + ((((pitchClass - floor) % 12) + 12) % 12);
  return bars.flatMap((bar, index) => {
    if (!bar.players.has('bass')) return [];
    const figure = bar.section === 'end' ? `R${'-'.repeat(plan.beatsPerBar - 1)}` : figures[bar.section];
    const nextBar = bars[index + 1];
    return stepsOf(figure, bar, plan).map((step) => {
      const next =
        bar.chords.find(({ startBeat }) => startBeat >= step.span.endBeat) ?? nextBar?.chords[0] ?? step.span;
      const root = lowest(bassPitchClass(step.span.chord));
      const target = lowest(bassPitchClass(next.chord));
      const isFirst = step.startBeat === step.span.startBeat;
      const pitch = isFirst ? root : pitchOf(step.symbol, step.span.chord, root, target, dice);
      return {
        part: 'bass' as const,
        startBeat: step.startBeat,
        endBeat: step.endBeat - 0.04,
        pitchMidi: pitch,
        velocity: (isFirst ? 98 : 88) + dice.whole(-5, 5),
      };
    });
  });
}

function pitchOf(symbol: string, chord: Chord, root: number, target: number, dice: Dice): number {
  const [, third = 0, fifth = 0] = pitchClassesOf(chord);
  const above = (pitchClass: number): number => root + ((((pitchClass - root) % 12) + 12) % 12);
  if (symbol === '5') return above(fifth) > HIGHEST_MIDI ? above(fifth) - 12 : above(fifth);
  if (symbol === '3') return above(third);
  if (symbol === '8') return root + 12;
  if (symbol === 'a') return target + dice.pick([-1, -2, 1, 2]);
  return root;
}
