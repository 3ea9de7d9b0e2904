import type { SheetWords } from './sheet-words.ts';

export const sheetsEs: SheetWords = {
  chords: {
    title: 'acordes',
    details: { simple: 'sencillos', detailed: 'detallados' },
    up: (semitones) => `${semitones} más alto`,
    down: (semitones) => `${semitones} más bajo`,
    capo: (fret) => `Cejilla: traste ${fret}; los nombres son las posiciones tras ella`,
    shapesIn: (key) => `como en ${key}`,
    easiest: (fret) => `Lo más fácil es con cejilla en el traste ${fret}.`,
    capoOn: (fret) => `Cejilla en ${fret}`,
    modulations: (keys) => `Cambios de tonalidad: ${keys}`,
    noChords: 'No oigo acordes que escribir.',
  },
  lyrics: {
    title: 'letra',
    language: (name) => `Idioma: ${name}`,
    heard: (words) => `Palabras: ${words}`,
    given: (words) => `Palabras: ${words}, las tuyas; he encontrado cuándo se cantan`,
    nobodySings: 'Aquí no canta nadie a quien yo entienda.',
  },
  tab: {
    title: 'tablatura',
    parts: { guitar: 'guitarra', bass: 'bajo', melody: 'melodía' },
    levels: { easy: 'fácil', intermediate: 'intermedia', full: 'completa' },
    guitar: 'guitarra',
    bass: 'bajo',
    capo: (fret) => `cejilla ${fret}`,
    frets: (highest) => `${highest} trastes`,
    instrument: (what) => `Para: ${what}`,
    length: (bars, notes) => `Compases: ${bars}, notas: ${notes}`,
    hand: (stretchFrets, shiftsPerBar) =>
      `Mano: extensión máxima ${stretchFrets} trastes, ${shiftsPerBar} cambios de posición por compás`,
    dropped: (notes) => `Sin escribir: ${notes} notas que ninguna mano alcanza o que el nivel no necesita`,
    faint: 'No estoy seguro de estas notas: apenas se oyen.',
    freeTime: 'En tempo libre, porque no encuentro el pulso.',
    alone: 'Oída en la grabación misma, porque la parte suena sola.',
    noNotes: 'No oí notas que escribir.',
  },
};
