// What a player reads, taken apart again without the code that wrote it.
import assert from 'node:assert/strict';

const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  '': [0, 4, 7],
  m: [0, 3, 7],
  '5': [0, 7],
  '6': [0, 4, 7, 9],
  '7': [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  m6: [0, 3, 7, 9],
  m7: [0, 3, 7, 10],
  m7b5: [0, 3, 6, 10],
  'm(maj7)': [0, 3, 7, 11],
  aug: [0, 4, 8],
  dim: [0, 3, 6],
  dim7: [0, 3, 6, 9],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
};

/** Pitch classes that sound when a name is gripped behind a capo, the lowest first and the others rising; none for `N.C.`. */
export function soundOf(name: string, capo: number): number[] {
  if (name === 'N.C.') return [];
  const match = /^([A-G][b#]?)([^/]*)(?:\/([A-G](?:b+|#+)?))?$/u.exec(name);
  assert.ok(match, `${name} is no chord`);
  const [, root = '', suffix = '', bass = root] = match;
  const shape = SHAPES[suffix];
  assert.ok(shape, `${name} has no known shape`);
  const sounds = (semitones: number): number => (semitones + capo + 24) % 12;
  const tones = shape.map((tone) => sounds(pitchOf(root) + tone));
  return [sounds(pitchOf(bass)), ...tones.toSorted((one, other) => one - other)];
}

function pitchOf(name: string): number {
  const signs = name
    .slice(1)
    .split('')
    .reduce((sum, sign) => sum + (sign === '#' ? 1 : -1), 0);
  return (LETTERS[name.charAt(0)] as number) + signs;
}

export interface ReadSong {
  /** Of directives with a value, the last of each. */
  readonly directives: Readonly<Record<string, string>>;
  /** In the order in which they stand, each as often as it does. */
  readonly chords: readonly string[];
  /** Lines that are sung, without their chords. */
  readonly words: readonly string[];
  /** For each chord over words, the word that it stands before; empty behind the last. */
  readonly over: readonly (readonly [chord: string, word: string])[];
}

/** A reader of ChordPro by its description: directives, lines with chords in brackets, grids. Fails on what is not well formed. */
export function readChordPro(text: string): ReadSong {
  const directives: Record<string, string> = {};
  const [chords, words, over]: [string[], string[], [string, string][]] = [[], [], []];
  let environment: string | null = null;
  for (const line of text.split('\n')) {
    const directive = /^\{([a-z_]+)(?:: (.*))?\}$/u.exec(line);
    if (directive !== null) {
      const [, name = '', value] = directive;
      if (name.startsWith('start_of_')) {
        assert.equal(environment, null, `${name} within ${environment}`);
        environment = name.slice('start_of_'.length);
      } else if (name.startsWith('end_of_')) {
        assert.equal(environment, name.slice('end_of_'.length));
        environment = null;
      } else if (value !== undefined) directives[name] = value;
      continue;
    }
    assert.ok(!/[{}]/u.test(line), `a brace in ${line}`);
    assert.ok(!line.startsWith('#'), `${line} is a comment`);
    if (environment === 'grid') {
      assert.match(line, /^\| .* \|$/u);
      chords.push(...line.split(/[\s|]+/u).filter((cell) => cell !== '' && cell !== '.'));
      continue;
    }
    for (const [, chord = '', word = ''] of line.matchAll(/\[([^\]]*)\]\s?([^\s[]*)/gu)) {
      chords.push(chord);
      over.push([chord, word]);
    }
    const sung = line
      .replaceAll(/\[[^\]]*\]/gu, '')
      .replaceAll(/\s+/gu, ' ')
      .trim();
    if (sung !== '') words.push(sung);
  }
  assert.equal(environment, null);
  return { directives, chords, words, over };
}

/** Without what only goes on. */
export function changes(names: readonly string[]): string[] {
  return names.filter((name, index) => name !== names[index - 1]);
}
