/** When a beat sounds. */
import type { SongPlan } from './song-plan.ts';

export interface TempoMap {
  /** Seconds from the song's first sample; `beat` counts quarters from the first downbeat, with fractions, below 0 too. */
  secondsOf(beat: number): number;
  /** At a whole beat. */
  beatSeconds(beat: number): number;
}

/** @param leadInBeats before the first downbeat, beside the plan's silence */
export function tempoMapOf(plan: SongPlan, beats: number, leadInBeats: number): TempoMap {
  const seconds = Array.from({ length: beats }, (_, beat) => 60 / tempoAt(plan, beat, beats));
  const first = seconds[0] ?? 60 / plan.tempoBpm;
  const last = seconds.at(-1) ?? first;
  const starts = [plan.leadInSeconds + leadInBeats * first];
  for (const length of seconds) starts.push((starts.at(-1) ?? 0) + length);
  const beatSeconds = (beat: number): number => (beat < 0 ? first : (seconds[beat] ?? last));
  return {
    beatSeconds,
    secondsOf(beat) {
      const whole = Math.max(0, Math.min(beats, Math.floor(beat)));
      return (starts[whole] ?? 0) + (beat - whole) * (beat < 0 ? first : beatSeconds(whole));
    },
  };
}

function tempoAt({ tempoBpm, drift, beatsPerBar }: SongPlan, beat: number, beats: number): number {
  const wave = drift.wave * Math.sin((2 * Math.PI * beat) / (beatsPerBar * drift.waveBars));
  return tempoBpm * (1 + drift.ramp * (beat / beats - 0.5)) * (1 + wave);
}
