/** The song of `testdata/make_reference.py`: six seconds of C:maj, A:min, F:maj and G:7. */
import { CHORD_RATE_HZ } from './chord-grid.ts';

const CHORD_SAMPLES = 66_150;
const FADE_SAMPLES = 2000;
const PITCHES_MIDI = [
  [48, 60, 64, 67],
  [45, 60, 64, 69],
  [41, 57, 60, 65],
  [43, 59, 62, 65],
];

export function fourChords(): Float32Array {
  const song = new Float32Array(PITCHES_MIDI.length * CHORD_SAMPLES);
  PITCHES_MIDI.forEach((pitches, chord) => {
    for (let n = 0; n < CHORD_SAMPLES; n++) {
      const fade = Math.min(1, Math.min(n, CHORD_SAMPLES - 1 - n) / FADE_SAMPLES);
      let sum = 0;
      for (const pitch of pitches) {
        const cycles = (440 * 2 ** ((pitch - 69) / 12)) / CHORD_RATE_HZ;
        for (let k = 1; k <= 6; k++) sum += (0.05 / k) * Math.sin(2 * Math.PI * k * cycles * n);
      }
      song[chord * CHORD_SAMPLES + n] = sum * fade;
    }
  });
  return song;
}
