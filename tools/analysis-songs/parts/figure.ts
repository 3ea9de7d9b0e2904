/** A bar's figure, written on a grid of equal steps, as events in beats. */
import type { Bar, ChordSpan, PartName } from '../song-form.ts';
import type { SongPlan } from '../song-plan.ts';

export interface Note {
  readonly part: PartName;
  /** Quarters from the first downbeat; below 0 in a pick-up. */
  readonly startBeat: number;
  readonly endBeat: number;
  readonly pitchMidi: number;
  /** 1 to 127. */
  readonly velocity: number;
}

export interface Step {
  readonly symbol: string;
  readonly startBeat: number;
  /** Where its last `-` ends, or the chord that it began in. */
  readonly endBeat: number;
  readonly span: ChordSpan;
}

/** Moves what lies between two beats; triplets of a swung bar lie there already. */
export function swungBeat(beat: number, stepsPerBeat: number, swing: number): number {
  if (stepsPerBeat % 3 === 0) return beat;
  const whole = Math.floor(beat);
  const part = beat - whole;
  return whole + (part < 0.5 ? part * 2 * swing : swing + (part - 0.5) * 2 * (1 - swing));
}

/** What sounds or begins to: a held step that crosses into another chord begins again there. Rests are left out. */
export function stepsOf(figure: string, bar: Bar, plan: SongPlan): Step[] {
  const stepsPerBeat = figure.length / plan.beatsPerBar;
  const at = (step: number): number => bar.startBeat + swungBeat(step / stepsPerBeat, stepsPerBeat, plan.swing);
  const steps: Step[] = [];
  let held = '.';
  for (const [index, letter] of [...figure].entries()) {
    const span = bar.chords.findLast(({ startBeat }) => startBeat <= bar.startBeat + index / stepsPerBeat);
    if (span === undefined) throw new RangeError('a bar without chords');
    const last = steps.at(-1);
    if (letter !== '-') held = letter;
    if (held === '.') continue;
    const endBeat = Math.min(at(index + 1), span.endBeat);
    if (letter === '-' && last?.span === span) steps[steps.length - 1] = { ...last, endBeat };
    else steps.push({ symbol: held, startBeat: at(index), endBeat, span });
  }
  return steps;
}
