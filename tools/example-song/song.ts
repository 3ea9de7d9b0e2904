/** "Back Porch Take": the project's own example song, 30 s, 96 BPM, A minor. Its true stems are known. */
import { bass, createNoise, createTrack, hat, kick, pluck, RATE_HZ, reverberate, sing, snare } from './instruments.ts';
import type { Track, Vowel } from './instruments.ts';

export const SONG_SECONDS = 30;
export const BEAT_SECONDS = 60 / 96;
export const BAR_SECONDS = 4 * BEAT_SECONDS;

export interface ExampleStems {
  readonly drums: Track;
  readonly bass: Track;
  readonly guitar: Track;
  readonly vocals: Track;
}

/** Bass root and guitar voicing per bar, as MIDI pitches: Am F C G, then Dm F E7 Am. */
export const CHORDS: readonly (readonly [number, readonly number[]])[] = [
  [33, [45, 52, 57, 60, 64]],
  [29, [41, 48, 53, 57, 60]],
  [36, [48, 52, 55, 60, 64]],
  [31, [43, 47, 50, 55, 59]],
  [38, [50, 57, 62, 65]],
  [29, [41, 48, 53, 57, 60]],
  [28, [40, 47, 50, 56, 59]],
  [33, [45, 52, 57, 60, 64]],
];

/** The sung line: beat from the start of the phrase, beats long, pitch, vowel. */
const MELODY: readonly (readonly [number, number, number, Vowel])[] = [
  [0, 1.5, 69, 'o'],
  [1.5, 0.5, 72, 'e'],
  [2, 1, 71, 'a'],
  [3, 1, 69, 'i'],
  [4, 2.5, 65, 'a'],
  [7, 1, 67, 'o'],
  [8, 1, 67, 'u'],
  [9, 1, 69, 'e'],
  [10, 1.5, 72, 'a'],
  [11.5, 0.5, 71, 'i'],
  [12, 3, 71, 'o'],
  [16, 1, 74, 'a'],
  [17, 1, 72, 'e'],
  [18, 1, 69, 'i'],
  [19, 1, 72, 'o'],
  [20, 2, 72, 'a'],
  [22.5, 1.5, 69, 'u'],
  [24, 1, 68, 'e'],
  [25, 1, 71, 'a'],
  [26, 2, 74, 'o'],
  [28, 3.5, 69, 'a'],
];

/** The four stems, whose sum is the mix. The same on every machine to the last float but for `Math.sin`. */
export function exampleStems(): ExampleStems {
  const samples = SONG_SECONDS * RATE_HZ;
  const stems = {
    drums: createTrack(samples),
    bass: createTrack(samples),
    guitar: createTrack(samples),
    vocals: createTrack(samples),
  };
  const bars = Math.floor(SONG_SECONDS / BAR_SECONDS);
  for (let bar = 0; bar < bars; bar += 1) {
    playBar(stems, bar, bar === bars - 1);
  }
  const noise = createNoise(77);
  for (const phrase of [1, 2]) {
    // The first bars are an instrumental start; the second phrase is cut where the song ends.
    for (const [beat, beats, pitch, vowel] of MELODY) {
      const at = (phrase === 1 ? 2 * BAR_SECONDS : 10 * BAR_SECONDS) + beat * BEAT_SECONDS;
      const seconds = beats * BEAT_SECONDS * 0.96;
      if (at + seconds < SONG_SECONDS - 0.3) {
        sing(stems.vocals, at, seconds, pitch, vowel, 0.4, noise);
      }
    }
  }
  reverberate(stems.vocals, 0.12);
  reverberate(stems.guitar, 0.06);
  reverberate(stems.drums, 0.04);
  return stems;
}

function playBar(stems: ExampleStems, bar: number, last: boolean): void {
  const start = bar * BAR_SECONDS;
  const noise = createNoise(1000 + bar);
  const [root, voicing] = CHORDS[bar % CHORDS.length] ?? [33, []];
  const beat = (beats: number): number => start + beats * BEAT_SECONDS;

  kick(stems.drums, beat(0), 0.5);
  if (!last) {
    kick(stems.drums, beat(2), 0.45);
    kick(stems.drums, beat(2.5), 0.3);
    snare(stems.drums, beat(1), 0.34, noise);
    snare(stems.drums, beat(3), 0.36, noise);
    for (let eighth = 0; eighth < 8; eighth += 1) {
      hat(stems.drums, beat(eighth / 2), eighth % 2 === 0 ? 0.16 : 0.1, eighth === 7, noise);
    }
    bass(stems.bass, beat(0), 1.4 * BEAT_SECONDS, root, 0.24);
    bass(stems.bass, beat(1.5), 0.5 * BEAT_SECONDS, root, 0.2);
    bass(stems.bass, beat(2), 1 * BEAT_SECONDS, root + 7, 0.22);
    bass(stems.bass, beat(3), 0.9 * BEAT_SECONDS, root + 12, 0.2);
  } else {
    bass(stems.bass, beat(0), 3 * BEAT_SECONDS, root, 0.24);
  }
  for (const stroke of last ? [0] : [0, 1, 1.5, 2.5, 3, 3.5]) {
    const up = stroke % 1 !== 0;
    const strings = up ? [...voicing].reverse() : voicing;
    strings.forEach((pitch, string) => {
      pluck(stems.guitar, beat(stroke) + string * 0.012, last ? 2.2 : 0.9, pitch, up ? 0.15 : 0.2, 0.4, noise);
    });
  }
}

/** Sum of the stems. */
export function exampleMix(stems: ExampleStems): Track {
  const mix = createTrack(stems.drums.left.length);
  for (const track of Object.values(stems) as Track[]) {
    for (let n = 0; n < mix.left.length; n += 1) {
      mix.left[n] = (mix.left[n] ?? 0) + (track.left[n] ?? 0);
      mix.right[n] = (mix.right[n] ?? 0) + (track.right[n] ?? 0);
    }
  }
  return mix;
}
