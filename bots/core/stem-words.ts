/** What people call stems, in the languages of the words; each leads to the names that strategies may use for it. */
const SYNONYMS: readonly (readonly [names: readonly string[], words: readonly string[]])[] = [
  [
    ['vocals'],
    ['vocal', 'voice', 'voices', 'vox', 'singer', 'singing', 'gesang', 'stimme', 'stimmen', 'voz', 'voces', 'canto'],
  ],
  [['drums'], ['drum', 'percussion', 'schlagzeug', 'bateria', 'percusion', 'perkussion']],
  [['bass'], ['basses', 'bajo', 'bassgitarre']],
  [
    ['guitar', 'guitars'],
    ['gitarre', 'gitarren', 'guitarra', 'guitarras'],
  ],
  [
    ['piano', 'keys'],
    ['keyboard', 'keyboards', 'klavier', 'teclado', 'pianos'],
  ],
  [['other'], ['others', 'rest', 'andere', 'anderes', 'otro', 'otros', 'resto']],
  [
    ['accompaniment', 'instrumental'],
    ['backing', 'karaoke', 'instruments', 'music', 'begleitung', 'acompanamiento', 'instrumentos'],
  ],
];

/** Longest text that is looked at: every name of every stem, several times over. */
const LONGEST_WORDS = 1000;

/** Splits what was typed for `want` or `minus`: commas, plus signs, blanks. */
export function splitStemWords(text: string): readonly string[] {
  return text
    .slice(0, LONGEST_WORDS)
    .split(/[\s,+;&]+/u)
    .filter((word) => word !== '');
}

/** The stem that is meant by a word, in any case, number and usual synonym; null where no known stem is. */
export function stemOf(word: string, known: readonly string[]): string | null {
  const plain = word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const forms = [plain, `${plain}s`, plain.replace(/s$/u, '')];
  const names = SYNONYMS.flatMap(([each, words]) =>
    forms.some((form) => each.includes(form) || words.includes(form)) ? each : [],
  );
  return [...forms, ...names].find((name) => known.includes(name)) ?? null;
}
