// The most likely path through the states of a hidden Markov model.

export interface TransitionScores {
  /** Staying in the state, in nats. */
  readonly stay: number;
  /** Added to every change of state at this step, in nats. */
  readonly change: number;
}

/**
 * Viterbi's algorithm in log probabilities (Viterbi 1967; Rabiner 1989, "A tutorial on hidden Markov models", III.B), for models whose chance of
 * leaving a state depends on the step and whose next state depends on the last.
 *
 * @param emissions `steps` × `states` scores in nats @param moves `states` × `states`, from row to column; the diagonal is not read
 * @param at the scores of the step from t - 1 to t @param initial scores of the first state
 * @returns the state of each step
 */
export function viterbi(
  emissions: Float32Array,
  states: number,
  moves: Float32Array,
  at: (step: number) => TransitionScores,
  initial: Float32Array,
): Int32Array {
  const steps = emissions.length / states;
  const path = new Int32Array(steps);
  if (steps === 0) return path;
  const back = new Int32Array(steps * states);
  let before = Float64Array.from({ length: states }, (_, state) => initial[state]! + emissions[state]!);
  let now = new Float64Array(states);
  for (let step = 1; step < steps; step++) {
    const { stay, change } = at(step);
    for (let to = 0; to < states; to++) {
      now[to] = before[to]! + stay;
      back[step * states + to] = to;
    }
    for (let from = 0; from < states; from++) {
      const base = before[from]! + change;
      const row = from * states;
      for (let to = 0; to < states; to++) {
        const score = base + moves[row + to]!;
        if (score > now[to]! && to !== from) {
          now[to] = score;
          back[step * states + to] = from;
        }
      }
    }
    for (let to = 0; to < states; to++) now[to]! += emissions[step * states + to]!;
    [before, now] = [now, before];
  }
  let state = before.indexOf(Math.max(...before));
  for (let step = steps - 1; step >= 0; step--) {
    path[step] = state;
    state = back[step * states + state]!;
  }
  return path;
}
