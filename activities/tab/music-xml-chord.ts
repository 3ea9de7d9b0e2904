/** A chord label as MusicXML's `<harmony>`. */
import { bassName, chordName, chordParts } from '../../workflows/contract/chord-name.ts';
import { element, text } from '../pictures/xml.ts';

/** From the qualities of chord labels to MusicXML's `kind-value`. */
const KINDS: Readonly<Record<string, string>> = {
  '5': 'power',
  '6': 'major-sixth',
  '7': 'dominant',
  '9': 'dominant-ninth',
  '11': 'dominant-11th',
  '13': 'dominant-13th',
  aug: 'augmented',
  dim: 'diminished',
  dim7: 'diminished-seventh',
  hdim7: 'half-diminished',
  maj: 'major',
  maj6: 'major-sixth',
  maj7: 'major-seventh',
  maj9: 'major-ninth',
  min: 'minor',
  min6: 'minor-sixth',
  min7: 'minor-seventh',
  min9: 'minor-ninth',
  min11: 'minor-11th',
  minmaj7: 'major-minor',
  sus2: 'suspended-second',
  sus4: 'suspended-fourth',
};

/** @returns nothing where no chord sounds */
export function chordElement(label: string): string[] {
  const parts = chordParts(label);
  if (parts === null) return [];
  const suffix = chordName(label).slice(parts.root.length).split('/')[0] as string;
  const bass = bassName(parts);
  return [
    element('harmony', [
      named('root', parts.root),
      text('kind', KINDS[parts.quality] ?? 'other', { text: suffix }),
      ...(bass === null ? [] : [named('bass', bass)]),
    ]),
  ];
}

function named(part: 'root' | 'bass', name: string): string {
  const alter = name
    .slice(1)
    .split('')
    .reduce((sum, sign) => sum + (sign === '#' ? 1 : -1), 0);
  return element(part, [text(`${part}-step`, name.charAt(0)), ...(alter === 0 ? [] : [text(`${part}-alter`, alter)])]);
}
