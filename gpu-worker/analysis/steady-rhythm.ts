// The beat of somebody who taps to what has none.
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { ONSET_FRAMES_PER_SECOND } from '../dsp/onset-flux.ts';
import type { RhythmFacts } from './rhythm-facts.ts';
import type { SongOnsets } from './rhythm-evidence.ts';
import { onsetSpan } from './song-span.ts';

const USUAL_BEATS_PER_BAR = 4;
/** Of a beat: times that are whole beats apart may differ by so much in floating point. */
const ROUNDING_BEATS = 1e-6;

/**
 * Even beats at the tempo that was said over the whole of a song, for where too little begins to follow: through beat 1 where that was said, else through
 * the first thing that begins, else from the start. Of bars only what was said is known. Null where the song is shorter than two bars.
 */
export function steadyRhythm({ onsets }: SongOnsets, tempoBpm: number, facts: RhythmFacts): SongRhythm | null {
  const { beatsPerBar = USUAL_BEATS_PER_BAR, downbeatSeconds } = facts;
  const beatSeconds = 60 / tempoBpm;
  const durationSeconds = (onsets.length - 1) / ONSET_FRAMES_PER_SECOND;
  const throughSeconds = downbeatSeconds ?? (onsetSpan(onsets)?.first ?? 0) / ONSET_FRAMES_PER_SECOND;
  const beatsBefore = Math.floor(throughSeconds / beatSeconds + ROUNDING_BEATS);
  const firstSeconds = Math.max(0, throughSeconds - beatsBefore * beatSeconds);
  const count = Math.max(0, Math.ceil((durationSeconds - firstSeconds) / beatSeconds - ROUNDING_BEATS));
  if (count < 2 * beatsPerBar) return null;
  const beatsSeconds = Array.from({ length: count }, (_, n) => firstSeconds + n * beatSeconds);
  const downbeatsSeconds = beatsSeconds.filter((_, n) => (n - beatsBefore) % beatsPerBar === 0);
  return {
    tempoBpm,
    confidence: 1,
    tempoCurve: downbeatsSeconds.map((atSeconds) => ({ atSeconds, tempoBpm })),
    beatsSeconds,
    downbeatsSeconds,
    timeSignature: { beatsPerBar, beatUnit: 4, confidence: facts.beatsPerBar === undefined ? 0 : 1 },
    swing: null,
  };
}
