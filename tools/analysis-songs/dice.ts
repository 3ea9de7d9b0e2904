/** Seeded choices: the same seed and the same questions give the same answers on every machine. */
import { seededRandom } from '../emulators/core/seeded-random.ts';

export interface Dice {
  /** From `low` to below `high`. */
  between(low: number, high: number): number;
  /** Whole, from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  /** Thrown `RangeError` for an empty list. */
  pick<T>(choices: readonly T[]): T;
  /** By weight. Thrown `RangeError` where no weight is above 0. */
  weigh<T>(choices: readonly (readonly [weight: number, choice: T])[]): T;
  /** A new list in another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** @param words what the dice are for, such as a seed, a song's number and a part: other words, other dice */
export function createDice(...words: readonly (number | string)[]): Dice {
  const random = seededRandom(hash(words.join(' ')));
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[Math.floor(random() * choices.length)];
    if (choice === undefined) throw new RangeError('a choice of nothing');
    return choice;
  };
  return {
    between: (low, high) => low + random() * (high - low),
    whole: (low, high) => low + Math.floor(random() * (high - low + 1)),
    chance: (probability) => random() < probability,
    pick,
    weigh(choices) {
      let left = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, choice] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      throw new RangeError('a choice of nothing that has a weight');
    },
    shuffle(list) {
      const rest = [...list];
      return list.map(() => {
        const chosen = pick(rest);
        rest.splice(rest.indexOf(chosen), 1);
        return chosen;
      });
    },
  };
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return state >>> 0;
}
