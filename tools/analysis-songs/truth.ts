/** What is known of a song because we wrote it. */
import type { Arrangement } from './arrange.ts';
import { noteName, qualityName } from './chord.ts';

export interface SongTruth {
  /** The median over the song. */
  readonly bpm: number;
  readonly meter: 3 | 4;
  readonly key: string;
  readonly mode: 'major' | 'minor';
  /** Seconds; from the first that is played, to the end of the last bar. */
  readonly beats: readonly number[];
  readonly downbeats: readonly number[];
  /** Without gaps from the first downbeat on; `quality` may name the bass: `min7`, `maj/3`. */
  readonly chords: readonly { start: number; end: number; root: string; quality: string }[];
  readonly tuningCents: number;
  readonly swing: number;
  readonly hasDrums: boolean;
  readonly drifts: boolean;
  readonly style: string;
  readonly soundFont: string;
}

export function truthOf({ plan, bars, pickUpBeats, tempo }: Arrangement, soundFont: string): SongTruth {
  const { key, beatsPerBar } = plan;
  const count = bars.length * beatsPerBar;
  const at = (beat: number): number => Math.round(tempo.secondsOf(beat) * 1e6) / 1e6;
  const beats = Array.from({ length: count + pickUpBeats }, (_, beat) => at(beat - pickUpBeats));
  const lengths = Array.from({ length: count }, (_, beat) => tempo.beatSeconds(beat)).sort((a, b) => a - b);
  return {
    bpm: 60 / (lengths[count >> 1] ?? 1),
    meter: beatsPerBar,
    key: noteName(key.tonicPitchClass, key),
    mode: key.mode,
    beats,
    downbeats: bars.map(({ startBeat }) => at(startBeat)),
    chords: bars.flatMap(({ chords }) =>
      chords.map(({ startBeat, endBeat, chord }) => ({
        start: at(startBeat),
        end: at(endBeat),
        root: noteName(chord.rootPitchClass, key),
        quality: qualityName(chord),
      })),
    ),
    tuningCents: plan.tuningCents,
    swing: plan.swing,
    hasDrums: plan.style.drums.length > 0,
    drifts: plan.drift.ramp !== 0 || plan.drift.wave !== 0,
    style: plan.style.name,
    soundFont,
  };
}
