const NATURALS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** 0 is C. Thrown `RangeError` where it is no note's name. */
export function pitchClassNamed(name: string): number {
  const natural = NATURALS[name.slice(0, 1)];
  const accidentals = name.slice(1);
  if (natural === undefined || !/^(?:#*|b*)$/u.test(accidentals)) throw new RangeError(`${name} is no note`);
  const moved = accidentals.startsWith('b') ? -accidentals.length : accidentals.length;
  return (((natural + moved) % 12) + 12) % 12;
}
