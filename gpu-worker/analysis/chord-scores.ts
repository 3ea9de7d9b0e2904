// How well each chord explains what sounds in each slot, and how chords follow each other.
import { CHORDS, chordTones } from './chord-vocabulary.ts';
import type { Chord } from './chord-vocabulary.ts';
import type { SlotNotes } from './note-activity.ts';
import { scaleOf } from '../../workflows/contract/scales.ts';
import type { Key } from '../../workflows/contract/scales.ts';

/** Of what sounds above the bass, so much is not of the chord: melody, passing notes, what is left of overtones and drums. */
const STRAY_TREBLE = 0.2;
/** Of a note, so much is heard a fifth and a major third above it, octaves aside: third and fifth partials that were not explained away. */
const FIFTH_LEAK = 0.14;
const THIRD_LEAK = 0.07;
/** In the bass, so much is neither root, third nor fifth. */
const STRAY_BASS = 0.3;
/** Of the bass's chord tones, so much is the one that names the inversion. */
const OWN_BASS = 0.7;
/** A stray note of the key's scale is so many times as likely as one outside. */
const IN_SCALE = 2;
/** A slot counts for so many notes that were drawn independently. */
const TREBLE_NOTES = 3.2;
const BASS_NOTES = 1.3;
/** What no chord scores against evenly spread notes, so that unclear slots keep their neighbours' chord, in nats. */
const NO_CHORD = -0.1;
/** Slots so far below the loud ones are silent. */
const SILENCE_RATIO = 10 ** (-50 / 20);
/** What any chord scores in a silent slot, against none. */
const SILENT_CHORD = -8;
/** Each tone of a chord outside the key makes it so much rarer, in nats. */
const FOREIGN_TONE = 2.5;
/** A dominant that resolves is so much likelier than another change, in nats; so are dominants of other keys than the song's. */
const RESOLUTION = 2;
/** No chord at all, against any one chord, in nats. */
const SILENCE_RARITY = 2;

/** The chords, and after them none. */
const STATES = CHORDS.length + 1;
const NONE = CHORDS.length;

/** Log probabilities of a hidden Markov model whose states are {@link CHORDS} and, last, none. */
export interface ChordScores {
  readonly states: number;
  /** Slots × states. */
  readonly emissions: Float32Array;
  /** States × states, from row to column. */
  readonly moves: Float32Array;
  readonly initial: Float32Array;
}

/**
 * The notes of a slot count as draws from what a chord makes likely: its tones, their strongest overtones and strays; the bass apart from the rest.
 * @param key what the song is in, or null while it is not known: then every key's chords are as likely
 * @param heard what a network says, slots × states, in nats; it counts beside the notes, as each errs where the other is right. Null where none was
 *   asked
 */
export function chordScores(slots: readonly SlotNotes[], key: Key | null, heard: Float32Array | null): ChordScores {
  return {
    states: STATES,
    emissions: emissionScores(slots, key).map((score, at) => score + (heard?.[at] ?? 0)),
    moves: moveScores(key),
    initial: Float32Array.from({ length: STATES }, (_, state) => entryScore(state, key)),
  };
}

/** Nats for each slot and state, against notes that are spread evenly. */
function emissionScores(slots: readonly SlotNotes[], key: Key | null): Float32Array {
  const treble = CHORDS.map((chord) => trebleLogOdds(chord, key));
  const bass = CHORDS.map((chord) => bassLogOdds(chord, key));
  const loud = percentile(
    slots.map(({ level }) => level),
    0.9,
  );
  const scores = new Float32Array(slots.length * STATES);
  slots.forEach((slot, step) => {
    const at = step * STATES;
    const silent = slot.level <= SILENCE_RATIO * loud;
    for (let state = 0; state < NONE; state++) {
      scores[at + state] = silent
        ? SILENT_CHORD
        : TREBLE_NOTES * dot(slot.treble, treble[state]!) + BASS_NOTES * dot(slot.bass, bass[state]!);
    }
    scores[at + NONE] = silent ? 0 : NO_CHORD;
  });
  return scores;
}

function trebleLogOdds(chord: Chord, key: Key | null): Float32Array {
  const tones = chordTones(chord);
  const own = new Float32Array(12);
  for (const tone of tones) {
    own[tone]! += (1 - FIFTH_LEAK - THIRD_LEAK) / tones.length;
    own[(tone + 7) % 12]! += FIFTH_LEAK / tones.length;
    own[(tone + 4) % 12]! += THIRD_LEAK / tones.length;
  }
  return strayShares(key).map((share, pitch) =>
    Math.log(12 * (STRAY_TREBLE * share + (1 - STRAY_TREBLE) * own[pitch]!)),
  );
}

/** The bass plays its note most of the time, and the fifth and the other tones of the chord between. */
function bassLogOdds(chord: Chord, key: Key | null): Float32Array {
  const stray = strayShares(key);
  const tones = chordTones(chord);
  return stray.map((share, pitch) => {
    const own = pitch === chord.bass ? OWN_BASS : tones.includes(pitch) ? (1 - OWN_BASS) / (tones.length - 1) : 0;
    return Math.log(12 * (STRAY_BASS * share + (1 - STRAY_BASS) * own));
  });
}

function strayShares(key: Key | null): Float32Array {
  const scale = key === null ? [] : scaleOf(key);
  const weights = Float32Array.from({ length: 12 }, (_, pitch) => (scale.includes(pitch) ? IN_SCALE : 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** From one state to another, in nats: entering the second, and more where it resolves the first. */
function moveScores(key: Key | null): Float32Array {
  const moves = new Float32Array(STATES * STATES);
  const target = Float32Array.from({ length: STATES }, (_, state) => entryScore(state, key));
  for (let from = 0; from < STATES; from++) {
    for (let to = 0; to < STATES; to++) {
      moves[from * STATES + to] = target[to]! + (resolves(CHORDS[from], CHORDS[to]) ? RESOLUTION : 0);
    }
  }
  return moves;
}

/** A dominant goes to the chord a fifth below its root. */
function resolves(from: Chord | undefined, to: Chord | undefined): boolean {
  const dominant = from?.quality === '7' || from?.quality === 'maj';
  return dominant && to !== undefined && to.root === (from.root + 5) % 12;
}

function entryScore(state: number, key: Key | null): number {
  const even = -Math.log(24);
  const chord = CHORDS[state];
  if (chord === undefined) return even - SILENCE_RARITY;
  return even - chord.rarity - (key === null ? 0 : FOREIGN_TONE * foreignTones(chord, key));
}

/** Tones outside the key. In minor, the leading tone of its dominant is at home. */
function foreignTones(chord: Chord, key: Key): number {
  const scale = scaleOf(key);
  const leading = (key.tonic + 11) % 12;
  const dominant = key.mode === 'minor' && (chord.root === (key.tonic + 7) % 12 || chord.root === leading);
  return chordTones(chord).filter((tone) => !scale.includes(tone) && !(dominant && tone === leading)).length;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n]! * b[n]!;
  return sum;
}

function percentile(values: readonly number[], share: number): number {
  const ranked = values.toSorted((one, other) => one - other);
  return ranked[Math.round((ranked.length - 1) * share)] ?? 0;
}
