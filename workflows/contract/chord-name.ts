/** Names of chords as musicians write them, from Harte's grammar (C. Harte, *Towards automatic extraction of harmony information*, 2010, §2.4.2). */

export interface ChordParts {
  /** A letter with its accidentals, such as `F#`. */
  readonly root: string;
  /** Such as `min7`; `maj` where the label has none. */
  readonly quality: string;
  /** Degree of the lowest note where it is not the root, such as `b7`; null otherwise. */
  readonly bassDegree: string | null;
}

const SUFFIXES: Readonly<Record<string, string>> = {
  '': '',
  '1': '',
  '5': '5',
  '6': '6',
  '7': '7',
  '9': '9',
  '11': '11',
  '13': '13',
  aug: 'aug',
  dim: 'dim',
  dim7: 'dim7',
  hdim7: 'm7b5',
  maj: '',
  maj6: '6',
  maj7: 'maj7',
  maj9: 'maj9',
  min: 'm',
  min6: 'm6',
  min7: 'm7',
  min9: 'm9',
  min11: 'm11',
  minmaj7: 'm(maj7)',
  sus2: 'sus2',
  sus4: 'sus4',
};
const LETTERS = 'CDEFGAB';
/** Semitones of the major scale above its tonic, which are those of {@link LETTERS} above C too. */
const SCALE = [0, 2, 4, 5, 7, 9, 11];

/** @returns null where no chord sounds or the label is none */
export function chordParts(label: string): ChordParts | null {
  const match = /^([A-G](?:b+|#+)?)(?::([^/(]*)(?:\([^)]*\))?)?(?:\/((?:b*|#*)\d+))?$/u.exec(label);
  if (match === null) return null;
  const [, root, quality, degree] = match;
  return {
    root: root as string,
    quality: quality ?? 'maj',
    bassDegree: degree === undefined || degree === '1' ? null : degree,
  };
}

/** `C:maj` is `C`, `A:min7` is `Am7`, `G:maj/3` is `G/B`; empty for `N` and `X`, where there is no chord to name. */
export function chordName(label: string): string {
  const parts = chordParts(label);
  if (parts === null) return '';
  const bass = bassName(parts);
  return `${parts.root}${SUFFIXES[parts.quality] ?? parts.quality}${bass === null ? '' : `/${bass}`}`;
}

/** The lowest note, spelled with the letter that belongs to its degree: the `b7` of `C` is `Bb`. Null where it is the root. */
export function bassName({ root, bassDegree }: ChordParts): string | null {
  if (bassDegree === null) return null;
  const from = LETTERS.indexOf(root.charAt(0));
  const steps = (Number(bassDegree.replaceAll(/[b#]/gu, '')) - 1) % LETTERS.length;
  const to = (from + steps) % LETTERS.length;
  const wanted = SCALE[from]! + sharps(root.slice(1)) + SCALE[steps]! + sharps(bassDegree);
  const off = ((((wanted - SCALE[to]!) % 12) + 18) % 12) - 6;
  return `${LETTERS.charAt(to)}${(off < 0 ? 'b' : '#').repeat(Math.abs(off))}`;
}

function sharps(accidentals: string): number {
  return [...accidentals].reduce((sum, sign) => sum + (sign === '#' ? 1 : sign === 'b' ? -1 : 0), 0);
}
