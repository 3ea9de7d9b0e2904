// Tempo, beats, bars and metre of a song.
import type { SongRhythm, TimeSignature } from '../../workflows/contract/analysis.ts';
import { ONSET_FRAMES_PER_SECOND } from '../dsp/onset-flux.ts';
import { pulsePath } from '../dsp/pulse-path.ts';
import { barePulse } from './bare-pulse.ts';
import { barsFrom } from './bars-from.ts';
import { barsOf } from './bars-of.ts';
import { hearBars } from './hear-bars.ts';
import type { HeardBars } from './hear-bars.ts';
import { METRES } from './metre-templates.ts';
import { TAPPED_WITHIN } from './rhythm-facts.ts';
import type { RhythmFacts } from './rhythm-facts.ts';
import { LONGEST_PULSE, SHORTEST_PULSE } from './rhythm-evidence.ts';
import type { SongOnsets } from './rhythm-evidence.ts';
import { confidencesOf, hasBeat, isFollowed } from './rhythm-confidence.ts';
import { musicalBeats } from './song-span.ts';
import { steadyRhythm } from './steady-rhythm.ts';
import { swingOf } from './swing.ts';

/** How the beat's period may relate to that of the strongest pulse, and what it costs in nats: a pulse is seldom three in the time of two beats or four. */
const RELATIONS = [
  { ratio: 1 / 4, costNats: 0 },
  { ratio: 1 / 3, costNats: 1 },
  { ratio: 1 / 2, costNats: 0 },
  { ratio: 2 / 3, costNats: 4 },
  { ratio: 3 / 4, costNats: 4 },
  { ratio: 1, costNats: 0 },
  { ratio: 4 / 3, costNats: 4 },
  { ratio: 3 / 2, costNats: 4 },
  { ratio: 2, costNats: 0 },
  { ratio: 3, costNats: 1 },
  { ratio: 4, costNats: 0 },
] as const;
const SLOWEST_BPM = 50;
const FASTEST_BPM = 215;

/**
 * Tempo as it is notated: which pulse is the beat is decided by the backbeat, the change of harmony and the length of the bar. Null where there is no beat
 * and none was tapped.
 *
 * @param facts what a musician has said outweighs what is heard; of the key nothing is needed
 * `loadFft()` must have finished.
 */
export function findRhythm(song: SongOnsets, facts: RhythmFacts = {}): SongRhythm | null {
  const { tempoBpm } = facts;
  return heardRhythm(song, facts) ?? (tempoBpm === undefined ? null : steadyRhythm(song, tempoBpm, facts));
}

function heardRhythm(song: SongOnsets, facts: RhythmFacts): SongRhythm | null {
  const { beatsPerBar, downbeatSeconds } = facts;
  const ways = waysToHear(song, facts);
  const [believed] = ways;
  if (believed === undefined) return null;
  const heard = beatsPerBar === undefined ? ways : barsOf(beatsPerBar, ways, song);
  const best = heard[0]!;
  // Neither the bar's length nor its beginning says anything of the tempo, nor is that less sure for it.
  const { tempo } = confidencesOf(believed, ways, song);
  const { metre } = confidencesOf(best, heard, song);
  const told = downbeatSeconds === undefined ? undefined : barsFrom(downbeatSeconds, heard);
  // A song that is too short for bars that begin there keeps those that it has.
  const rhythm = (told === undefined ? null : describe(told, song)) ?? describe(best, song);
  if (rhythm === null) return null;
  return { ...rhythm, confidence: tempo, timeSignature: { ...rhythm.timeSignature, confidence: metre } };
}

/**
 * All bars that may be heard at the tempo that was said, if any was, the most credible first; none where there is no beat. A tempo that was tapped needs
 * no more than that something goes with it, and its half or double no more than the tempo itself.
 */
export function waysToHear(song: SongOnsets, { tempoBpm, tempoFactor }: RhythmFacts = {}): HeardBars[] {
  if (tempoBpm !== undefined) {
    const period = (60 * ONSET_FRAMES_PER_SECOND) / tempoBpm;
    const { periods } = pulseCourse(song, period / TAPPED_WITHIN, period * TAPPED_WITHIN);
    const near = hearBars(song, [{ periods, costNats: 0 }], METRES);
    return isFollowed(near) ? near : [];
  }
  const { periods: pulse, clarity } = pulseCourse(song, SHORTEST_PULSE, LONGEST_PULSE);
  const middle = pulse.slice().sort()[pulse.length >> 1]!;
  const courses = RELATIONS.filter(({ ratio }) => {
    const bpm = (60 * ONSET_FRAMES_PER_SECOND) / (middle * ratio);
    return bpm >= SLOWEST_BPM && bpm <= FASTEST_BPM;
  }).map(({ ratio, costNats }) => ({ periods: pulse.map((period) => period * ratio), costNats }));
  const heard = hearBars(song, courses, METRES);
  const bare = barePulse(heard, song);
  const best = bare ?? heard[0];
  if (best === undefined || !hasBeat(heard, song, clarity)) return [];
  if (tempoFactor === undefined) return bare === null ? heard : [bare, ...heard];
  const scale = (60 * ONSET_FRAMES_PER_SECOND) / best.tempoBpm / middle / tempoFactor;
  return hearBars(song, [{ periods: pulse.map((period) => period * scale), costNats: 0 }], METRES);
}

interface PulseCourse {
  /** Of the pulse at every frame, in frames. */
  readonly periods: Float32Array;
  /** 0 to 1. */
  readonly clarity: number;
}

function pulseCourse({ onsets }: SongOnsets, shortest: number, longest: number): PulseCourse {
  const { periods: read, stepFrames, clarity } = pulsePath(onsets, shortest, longest);
  const end = read.length - 1;
  const periods = Float32Array.from(onsets, (_, t) => {
    const at = Math.min(end, t / stepFrames);
    const before = Math.floor(at);
    return read[before]! * (before + 1 - at) + read[Math.min(end, before + 1)]! * (at - before);
  });
  return { periods, clarity };
}

type Description = Omit<SongRhythm, 'confidence' | 'timeSignature'> & {
  readonly timeSignature: Omit<TimeSignature, 'confidence'>;
};

/** All but how sure it is; null where there are not two bars of it. */
function describe(bars: HeardBars, song: SongOnsets): Description | null {
  const { beatsPerBar, beatUnit } = bars.template;
  const kept = musicalBeats(bars, song.onsets);
  if (kept === null) return null;
  const beatsSeconds = Array.from(kept.beatFrames, (frame) => frame / ONSET_FRAMES_PER_SECOND);
  const isDownbeat = (_: number, n: number): boolean => (n + kept.firstBeat) % beatsPerBar === 0;
  return {
    tempoBpm: 60 / medianOf(beatsSeconds.slice(beatsPerBar).map((at, n) => (at - beatsSeconds[n]!) / beatsPerBar)),
    tempoCurve: beatsSeconds.flatMap((atSeconds, n) => {
      const next = beatsSeconds[n + beatsPerBar];
      return isDownbeat(atSeconds, n) && next !== undefined
        ? [{ atSeconds, tempoBpm: (60 * beatsPerBar) / (next - atSeconds) }]
        : [];
    }),
    beatsSeconds,
    downbeatsSeconds: beatsSeconds.filter(isDownbeat),
    timeSignature: { beatsPerBar, beatUnit },
    swing: swingOf(song.evidence, kept.beatFrames),
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
