/** Songs that nobody wrote, for properties that must hold for all. */
import fc from 'fast-check';
import type { ChordSpan, SongRhythm } from '../../workflows/contract/analysis.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { Instrument } from '../../workflows/contract/tab.ts';

export const TUNINGS: Readonly<Record<string, readonly number[]>> = {
  standard: [40, 45, 50, 55, 59, 64],
  'drop D': [38, 45, 50, 55, 59, 64],
  DADGAD: [38, 45, 50, 55, 57, 62],
  bass: [28, 33, 38, 43],
  'seven strings': [35, 40, 45, 50, 55, 59, 64],
  // Its strings do not rise.
  ukulele: [67, 60, 64, 69],
};

export function anyInstrument(): fc.Arbitrary<Instrument> {
  return fc.record({
    tuning: fc.constantFrom(...Object.values(TUNINGS)),
    capo: fc.constantFrom(0, 0, 2, 5),
    frets: fc.constantFrom(12, 20, 24),
  });
}

/** Beats that drift, bars that lack or have a beat more, swing or none. */
export function anyRhythm(): fc.Arbitrary<SongRhythm> {
  return fc
    .record({
      tempoBpm: fc.integer({ min: 55, max: 200 }),
      metre: fc.constantFrom([4, 4], [3, 4], [6, 8], [5, 4], [7, 8]),
      bars: fc.array(fc.constantFrom(0, 0, 0, 0, 0, -1, 1), { minLength: 1, maxLength: 5 }),
      drift: fc.array(fc.double({ min: 0.93, max: 1.07, noNaN: true }), { minLength: 7, maxLength: 7 }),
      startSeconds: fc.double({ min: 0, max: 3, noNaN: true }),
      pickupBeats: fc.integer({ min: 0, max: 2 }),
      swing: fc.constantFrom(null, 0.5, 0.62, 0.67),
    })
    .map(({ tempoBpm, metre, bars, drift, startSeconds, pickupBeats, swing }) => {
      const [beatsPerBar, beatUnit] = metre as [number, 4 | 8];
      const beatsSeconds: number[] = [startSeconds];
      const downbeats: number[] = [];
      const push = (): number =>
        beatsSeconds.push(
          (beatsSeconds.at(-1) as number) +
            (60 / tempoBpm) * (4 / beatUnit) * (drift[beatsSeconds.length % drift.length] as number),
        );
      for (let beat = 0; beat < pickupBeats; beat++) push();
      for (const extra of bars) {
        downbeats.push(beatsSeconds.length - 1);
        for (let beat = 0; beat < beatsPerBar + extra; beat++) push();
      }
      return {
        tempoBpm,
        confidence: 1,
        tempoCurve: [],
        beatsSeconds,
        downbeatsSeconds: downbeats.map((beat) => beatsSeconds[beat] as number),
        timeSignature: { beatsPerBar, beatUnit, confidence: 1 },
        swing,
      };
    });
}

/** Runs, leaps and chords of up to six notes, some out of any range, with times that fit no grid. */
export function anyNotes(): fc.Arbitrary<HeardNote[]> {
  const stroke = fc.record({
    waitSeconds: fc.oneof(fc.double({ min: 0.03, max: 0.6, noNaN: true }), fc.constantFrom(0, 0.06, 0.125)),
    pitches: fc.oneof(
      { weight: 3, arbitrary: fc.array(fc.integer({ min: 26, max: 90 }), { minLength: 1, maxLength: 1 }) },
      { weight: 2, arbitrary: fc.uniqueArray(fc.integer({ min: 30, max: 76 }), { minLength: 1, maxLength: 6 }) },
    ),
    seconds: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    amplitude: fc.double({ min: 0.05, max: 1, noNaN: true }),
    spreadSeconds: fc.double({ min: 0, max: 0.005, noNaN: true }),
  });
  return fc.array(stroke, { maxLength: 16, size: 'max' }).map((strokes) => {
    let startSeconds = 0;
    return strokes.flatMap(({ waitSeconds, pitches, seconds, amplitude, spreadSeconds }) => {
      startSeconds += waitSeconds;
      return pitches.map((pitchMidi, index) => ({
        startSeconds: startSeconds + index * spreadSeconds,
        endSeconds: startSeconds + index * spreadSeconds + seconds,
        pitchMidi,
        amplitude: Math.max(0.05, amplitude - index * 0.1),
        bendCents: null,
      }));
    });
  });
}

/** Tile the first seconds. */
export function someChords(): ChordSpan[] {
  return ['C:maj', 'A:min7', 'F#:hdim7', 'G:maj/3', 'N', 'Bb:sus4'].map((label, index) => ({
    startSeconds: index * 1.1,
    endSeconds: (index + 1) * 1.1,
    label,
    confidence: 1,
  }));
}

/** Beats exactly as a metronome counts them, in bars of four. */
export function steadyRhythm(tempoBpm: number, bars: number, swing: number | null = null): SongRhythm {
  const beatsSeconds = Array.from({ length: bars * 4 }, (_, beat) => (beat * 60) / tempoBpm);
  return {
    tempoBpm,
    confidence: 1,
    tempoCurve: [],
    beatsSeconds,
    downbeatsSeconds: beatsSeconds.filter((_, beat) => beat % 4 === 0),
    timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 1 },
    swing,
  };
}

export function heard(startSeconds: number, pitchMidi: number, seconds = 0.2): HeardNote {
  return { startSeconds, endSeconds: startSeconds + seconds, pitchMidi, amplitude: 0.7, bendCents: null };
}
