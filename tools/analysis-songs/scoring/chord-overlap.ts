/** For how much of the time chords agree, as mir_eval's `chord.majmin` and `chord.weighted_accuracy` count it. */
import { pitchClassNamed } from './pitch-class.ts';

export interface LabelledSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** In Harte's grammar, without degrees in parentheses. */
  readonly label: string;
}

/** Semitones up to the fifth, by which chords are compared. */
const TRIADS: Readonly<Record<string, readonly number[]>> = {
  ...named([0, 4, 7], 'maj 7 maj7 maj6 9 maj9 11 maj11 13 maj13'),
  ...named([0, 3, 7], 'min min7 minmaj7 min6 min9 min11 min13'),
  ...named([0, 3, 6], 'dim dim7 hdim7'),
  ...named([0, 4], 'aug aug7'),
  ...named([0, 5, 7], 'sus4'),
  ...named([0, 2, 7], 'sus2'),
  ...named([0], '1'),
  ...named([0, 7], '5'),
};
const DEGREES: Readonly<Record<string, number>> = { 1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 11, 9: 2, 11: 5, 13: 9 };
const LABEL = /^(?<root>[A-G][#b]*)(?::(?<quality>[a-z0-9]+))?(?:\/(?<accidental>b*|#*)(?<degree>\d+))?$/u;

/** 0 to 1, over the time that the truth has a major or minor chord or none; 0 where it never has. Gaps of the estimate are `N`. */
export function chordOverlap(truth: readonly LabelledSpan[], estimated: readonly LabelledSpan[]): number {
  let [agreed, counted] = [0, 0];
  for (const span of truth) {
    const wanted = comparable(span.label);
    if (!COUNTED.has(wanted.slice(wanted.indexOf(' ')))) continue;
    counted += span.endSeconds - span.startSeconds;
    agreed += overlapOf(span, wanted, estimated);
  }
  return counted > 0 ? agreed / counted : 0;
}

/** What follows the root in {@link comparable}'s answer, of the chords that are counted. */
const COUNTED = new Set([' 0 4 7', ' 0 3 7', ' none']);

function overlapOf(span: LabelledSpan, wanted: string, estimated: readonly LabelledSpan[]): number {
  let [agreed, covered] = [0, 0];
  for (const { startSeconds, endSeconds, label } of estimated) {
    const overlap = Math.min(span.endSeconds, endSeconds) - Math.max(span.startSeconds, startSeconds);
    if (overlap <= 0) continue;
    covered += overlap;
    if (comparable(label) === wanted) agreed += overlap;
  }
  return wanted === comparable('N') ? agreed + span.endSeconds - span.startSeconds - covered : agreed;
}

/** The same text for labels that count as equal: root and semitones below the sixth, the bass note among them. */
function comparable(label: string): string {
  if (label === 'N') return 'N none';
  const { root = '', quality = 'maj', accidental = '', degree = '1' } = LABEL.exec(label)?.groups ?? {};
  const [triad, natural] = [TRIADS[quality], DEGREES[degree]];
  if (triad === undefined || natural === undefined) throw new RangeError(`${label} is no chord`);
  const moved = accidental.startsWith('b') ? -accidental.length : accidental.length;
  const bass = (natural + moved + 12) % 12;
  const tones = new Set([...triad, ...(bass < 8 ? [bass] : [])]);
  return [pitchClassNamed(root), ...[...tones].sort((a, b) => a - b)].join(' ');
}

function named(semitones: readonly number[], names: string): Record<string, readonly number[]> {
  return Object.fromEntries(names.split(' ').map((name) => [name, semitones]));
}
