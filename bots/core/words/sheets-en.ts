import type { SheetWords } from './sheet-words.ts';

export const sheetsEn: SheetWords = {
  chords: {
    title: 'chords',
    details: { simple: 'simple', detailed: 'detailed' },
    up: (semitones) => `up ${semitones}`,
    down: (semitones) => `down ${semitones}`,
    capo: (fret) => `Capo: fret ${fret}; the names are the shapes behind it`,
    shapesIn: (key) => `as in ${key}`,
    easiest: (fret) => `Easiest with a capo on fret ${fret}.`,
    capoOn: (fret) => `Capo on fret ${fret}`,
    modulations: (keys) => `Key changes: ${keys}`,
    noChords: 'I hear no chords to write down.',
  },
  lyrics: {
    title: 'lyrics',
    language: (name) => `Language: ${name}`,
    heard: (words) => `Words: ${words}`,
    given: (words) => `Words: ${words} of yours; I found when they are sung`,
    nobodySings: 'Nobody sings here that I could make out.',
  },
  tab: {
    title: 'tab',
    parts: { guitar: 'guitar', bass: 'bass', melody: 'melody' },
    levels: { easy: 'easy', intermediate: 'intermediate', full: 'full' },
    guitar: 'guitar',
    bass: 'bass',
    capo: (fret) => `capo ${fret}`,
    frets: (highest) => `${highest} frets`,
    instrument: (what) => `For: ${what}`,
    length: (bars, notes) => `Bars: ${bars}, notes: ${notes}`,
    hand: (stretchFrets, shiftsPerBar) => `Hand: widest stretch ${stretchFrets} frets, ${shiftsPerBar} shifts a bar`,
    dropped: (notes) => `Left out: ${notes} notes that no hand reaches, or that the level does without`,
    freeTime: 'In free time, as I find no beat.',
    alone: 'Heard in the recording itself, as the part plays alone.',
    noNotes: 'I heard no notes to write down.',
  },
};
