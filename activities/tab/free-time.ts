/** Bars for music in which no beat was found: an even count from its first note. */
import type { SongRhythm } from '../../workflows/contract/analysis.ts';

const TEMPO_BPM = 120;

/** Null where there are too few beats to count by. */
export function countable(rhythm: SongRhythm | null): SongRhythm | null {
  return rhythm !== null && rhythm.beatsSeconds.length > 1 ? rhythm : null;
}

export function freeTime(firstNoteSeconds: number): SongRhythm {
  const first = Math.max(0, firstNoteSeconds);
  return {
    tempoBpm: TEMPO_BPM,
    confidence: 0,
    tempoCurve: [],
    beatsSeconds: [first, first + 60 / TEMPO_BPM],
    downbeatsSeconds: [first],
    timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 0 },
    swing: null,
  };
}
