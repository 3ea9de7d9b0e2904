/**
 * The most comfortable way through a phrase: dynamic programming (Viterbi) over what the hand holds at each stroke and where it is. After S. Sayegh,
 * "Fingering for String Instruments with the Optimum Path Paradigm", Computer Music Journal 13(3), 1989, with chords as states.
 */
import type { Instrument } from '../../workflows/contract/tab.ts';
import { moveCost } from './fingering-costs.ts';
import { gripChoices } from './grips.ts';
import type { GripChoice, StruckPitch } from './grips.ts';
import type { Hand } from './hand.ts';

export interface PhraseStroke {
  readonly startSeconds: number;
  /** At most as many as there are strings. */
  readonly struck: readonly StruckPitch[];
}

export interface Fingering {
  /** One for each stroke. */
  readonly grips: readonly GripChoice[];
  readonly cost: number;
}

interface Step {
  readonly choice: GripChoice;
  readonly cost: number;
  readonly before: Step | null;
}

export function fingerStrokes(strokes: readonly PhraseStroke[], instrument: Instrument, hand: Hand): Fingering {
  let steps: Step[] = [];
  let lastSeconds = 0;
  for (const [index, { startSeconds, struck }] of strokes.entries()) {
    const seconds = startSeconds - lastSeconds;
    const choices = gripChoices(struck, instrument, hand);
    steps =
      index === 0
        ? choices.map((choice) => ({ choice, cost: choice.cost, before: null }))
        : choices.flatMap((choice) => cheapestStep(steps, choice, seconds));
    lastSeconds = startSeconds;
  }
  let step: Step | null = steps.reduce<Step | null>(
    (best, each) => (each.cost < (best?.cost ?? Infinity) ? each : best),
    null,
  );
  const cost = step?.cost ?? 0;
  const grips: GripChoice[] = [];
  for (; step !== null; step = step.before) grips.push(step.choice);
  return { grips: grips.reverse(), cost };
}

/** @returns none where no way leads there in time */
function cheapestStep(steps: readonly Step[], choice: GripChoice, seconds: number): Step[] {
  let before: Step | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const step of steps) {
    const cost = step.cost + moveCost(step.choice, choice, seconds);
    if (cost < least) {
      before = step;
      least = cost;
    }
  }
  return before === null ? [] : [{ choice, cost: least + choice.cost, before }];
}
