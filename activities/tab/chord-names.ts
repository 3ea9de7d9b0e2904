/**
 * Chord labels of research as musicians write them. The grammar is that of C. Harte et al., "Symbolic Representation of Musical Chords", ISMIR 2005.
 */

export interface ChordParts {
  /** A letter with its accidentals, such as `F#`. */
  readonly root: string;
  readonly quality: string;
  /** The lowest note where it is not the root; null otherwise. */
  readonly bass: string | null;
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
const LETTERS = ['C', 'D', 'E', 'F', 'G', 'A', 'B'];
const LETTER_SEMITONES = [0, 2, 4, 5, 7, 9, 11];

/** @returns null where no chord sounds or the label is none */
export function chordParts(label: string): ChordParts | null {
  const match = /^([A-G][b#]*)(?::([a-z0-9]*)(?:\([^)]*\))?)?(?:\/([b#]*\d+))?$/u.exec(label);
  if (match === null) return null;
  const [, root, quality, bass] = match;
  return {
    root: root as string,
    quality: quality ?? 'maj',
    bass: bass === undefined || bass === '1' ? null : degreeOf(root as string, bass),
  };
}

/** `A:min7` is `Am7`, `G:maj/3` is `G/B`, `N` is `N.C.`; what is unknown stays as it is. */
export function chordName(label: string): string {
  if (label === 'N' || label === 'X') return 'N.C.';
  const parts = chordParts(label);
  if (parts === null || SUFFIXES[parts.quality] === undefined) return label;
  return `${parts.root}${SUFFIXES[parts.quality]}${parts.bass === null ? '' : `/${parts.bass}`}`;
}

/** A degree of the major scale on a root, spelled: the `b7` of `C` is `Bb`. */
function degreeOf(root: string, degree: string): string {
  const steps = Number(degree.replaceAll(/[b#]/gu, '')) - 1;
  const rootLetter = LETTERS.indexOf(root.charAt(0));
  const letter = (rootLetter + steps) % LETTERS.length;
  const wanted = semitonesOf(root) + (LETTER_SEMITONES[steps % LETTERS.length] as number) + accidentals(degree);
  const alter = ((((wanted - (LETTER_SEMITONES[letter] as number)) % 12) + 18) % 12) - 6;
  return `${LETTERS[letter]}${alter < 0 ? 'b'.repeat(-alter) : '#'.repeat(alter)}`;
}

function semitonesOf(name: string): number {
  return (LETTER_SEMITONES[LETTERS.indexOf(name.charAt(0))] as number) + accidentals(name);
}

function accidentals(name: string): number {
  return [...name].reduce((sum, sign) => sum + (sign === '#' ? 1 : sign === 'b' ? -1 : 0), 0);
}
