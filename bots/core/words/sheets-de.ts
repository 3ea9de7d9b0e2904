import type { SheetWords } from './sheet-words.ts';

export const sheetsDe: SheetWords = {
  chords: {
    title: 'Akkorde',
    details: { simple: 'einfach', detailed: 'ausführlich' },
    up: (semitones) => `${semitones} höher`,
    down: (semitones) => `${semitones} tiefer`,
    capo: (fret) => `Kapodaster: Bund ${fret}; die Namen sind die Griffe dahinter`,
    shapesIn: (key) => `wie in ${key}`,
    easiest: (fret) => `Am leichtesten mit Kapodaster im Bund ${fret}.`,
    capoOn: (fret) => `Kapodaster Bund ${fret}`,
    modulations: (keys) => `Tonartwechsel: ${keys}`,
    noChords: 'Ich höre keine Akkorde zum Aufschreiben.',
  },
  lyrics: {
    title: 'Songtext',
    language: (name) => `Sprache: ${name}`,
    heard: (words) => `Wörter: ${words}`,
    given: (words) => `Wörter: ${words} von dir; ich habe gefunden, wann sie gesungen werden`,
    nobodySings: 'Hier singt niemand, den ich verstehen könnte.',
  },
  tab: {
    title: 'Tabulatur',
    parts: { guitar: 'Gitarre', bass: 'Bass', melody: 'Melodie' },
    levels: { easy: 'leicht', intermediate: 'mittel', full: 'vollständig' },
    guitar: 'Gitarre',
    bass: 'Bassgitarre',
    capo: (fret) => `Kapodaster ${fret}`,
    frets: (highest) => `${highest} Bünde`,
    instrument: (what) => `Für: ${what}`,
    length: (bars, notes) => `Takte: ${bars}, Töne: ${notes}`,
    hand: (stretchFrets, shiftsPerBar) =>
      `Hand: weitester Griff ${stretchFrets} Bünde, ${shiftsPerBar} Lagenwechsel je Takt`,
    dropped: (notes) => `Weggelassen: ${notes} Töne, die keine Hand erreicht oder die Stufe nicht braucht`,
    faint: 'Ich bin mir dieser Töne nicht sicher: sie sind kaum zu hören.',
    freeTime: 'In freiem Tempo, da ich keinen Schlag finde.',
    alone: 'In der Aufnahme selbst gehört, da die Stimme allein spielt.',
    noNotes: 'Ich habe keine Töne zum Aufschreiben gehört.',
  },
};
