/** Names of chords as musicians write them, from Harte's grammar (C. Harte, *Towards automatic extraction of harmony information*, 2010, §2.4.2). */

const SUFFIXES: Readonly<Record<string, string>> = {
  maj: '',
  min: 'm',
  dim: 'dim',
  aug: 'aug',
  maj7: 'maj7',
  min7: 'm7',
  '7': '7',
  dim7: 'dim7',
  hdim7: 'm7b5',
  minmaj7: 'm(maj7)',
  maj6: '6',
  min6: 'm6',
  '9': '9',
  maj9: 'maj9',
  min9: 'm9',
  sus4: 'sus4',
  sus2: 'sus2',
  '1': '',
  '5': '5',
};
const LETTERS = 'CDEFGAB';
/** Semitones of the major scale above its tonic, which are those of {@link LETTERS} above C too. */
const SCALE = [0, 2, 4, 5, 7, 9, 11];

/** `C:maj` is `C`, `A:min7` is `Am7`, `G:maj/3` is `G/B`; empty for `N` and `X`, where there is no chord to name. */
export function chordName(label: string): string {
  const [, root, kind = 'maj', accidentals, degree] =
    /^([A-G](?:b+|#+)?)(?::([^/(]*)(?:\([^)]*\))?)?(?:\/(b*|#*)(\d+))?$/u.exec(label) ?? [];
  if (root === undefined) return '';
  const bass = degree === undefined ? '' : `/${noteAbove(root, accidentals ?? '', Number(degree))}`;
  return `${root}${SUFFIXES[kind] ?? kind}${bass}`;
}

/** A degree of the major scale on `root`, spelled with the letter that belongs to it. */
function noteAbove(root: string, accidentals: string, degree: number): string {
  const from = LETTERS.indexOf(root.charAt(0));
  const steps = (degree - 1) % LETTERS.length;
  const to = (from + steps) % LETTERS.length;
  const wanted = SCALE[from]! + sharps(root.slice(1)) + SCALE[steps]! + sharps(accidentals);
  const off = ((((wanted - SCALE[to]!) % 12) + 18) % 12) - 6;
  return `${LETTERS.charAt(to)}${(off < 0 ? 'b' : '#').repeat(Math.abs(off))}`;
}

function sharps(accidentals: string): number {
  return (accidentals.startsWith('b') ? -1 : 1) * accidentals.length;
}
