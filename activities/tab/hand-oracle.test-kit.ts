/** The hand once more, by trying everything: which finger stops which strings. */
import type { Place } from './hand.ts';

/** @param reach and @param highReach the widest span in frets below and from the twelfth fret of the neck */
export function canBeHeld(places: readonly Place[], reach: number, highReach: number, capo: number): boolean {
  const strings = places.map(({ string }) => string);
  if (new Set(strings).size < strings.length) return false;
  const fretted = places.filter(({ fret }) => fret > 0);
  if (fretted.length === 0) return true;
  const frets = fretted.map(({ fret }) => fret).sort((a, b) => a - b);
  const lowest = frets[0] as number;
  if ((frets.at(-1) as number) - lowest > (lowest + capo >= 12 ? highReach : reach)) return false;
  const open = places.filter(({ fret }) => fret === 0).map(({ string }) => string);
  return canAssign(fretted, [], lowest, open);
}

function canAssign(
  rest: readonly Place[],
  fingers: readonly Place[][],
  lowest: number,
  open: readonly number[],
): boolean {
  const [place, ...others] = rest;
  if (place === undefined) return fingers.every((finger) => canStop(finger, lowest, open));
  const joined = fingers.some((finger, index) =>
    canAssign(others, fingers.with(index, [...finger, place]), lowest, open),
  );
  return joined || (fingers.length < 4 && canAssign(others, [...fingers, [place]], lowest, open));
}

/** One finger stops one string, neighbours on one fret, or as a barre all that it lies across. */
function canStop(finger: readonly Place[], lowest: number, open: readonly number[]): boolean {
  if (new Set(finger.map(({ fret }) => fret)).size > 1) return false;
  const strings = finger.map(({ string }) => string).sort((a, b) => a - b);
  const [from, to] = [strings[0] as number, strings.at(-1) as number];
  const neighbours = to - from === strings.length - 1;
  const barre = finger[0]?.fret === lowest && open.every((string) => string < from || string > to);
  return neighbours || barre;
}
