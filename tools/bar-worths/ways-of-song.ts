/** All ways to hear the bars of a song that we know, and how right each is. */
import { growth } from '../../gpu-worker/analysis/bar-trait-worths.ts';
import { BAR_TRAITS } from '../../gpu-worker/analysis/bar-traits.ts';
import type { HeardBars } from '../../gpu-worker/analysis/hear-bars.ts';
import { waysToHear } from '../../gpu-worker/analysis/rhythm.ts';
import type { SongOnsets } from '../../gpu-worker/analysis/rhythm-evidence.ts';
import { musicalBeats } from '../../gpu-worker/analysis/song-span.ts';
import { ONSET_FRAMES_PER_SECOND } from '../../gpu-worker/dsp/onset-flux.ts';
import { scoreSong } from '../analysis-songs/scoring/score-song.ts';
import type { SongTruth } from '../analysis-songs/truth.ts';
import type { Way } from './fit-worths.ts';

/** A score so much below the best one's is as wrong as 1 / e. */
const ABOUT_AS_RIGHT = 0.02;
const LEAST_RIGHT = 0.02;

export function waysOfSong(song: SongOnsets, truth: SongTruth): Way[] {
  const ways = waysToHear(song);
  const scores = ways.map((bars) => scoreOf(bars, song, truth));
  const best = Math.max(...scores);
  const seconds = song.onsets.length / ONSET_FRAMES_PER_SECOND;
  return ways.map(({ likelihood, traits }, n) => {
    const right = Math.exp((scores[n]! - best) / ABOUT_AS_RIGHT);
    return {
      likelihood,
      traits: BAR_TRAITS.map((name) => traits[name] * growth(name, seconds)),
      right: right < LEAST_RIGHT ? 0 : right,
    };
  });
}

/** 0 to 1: beats count for half, downbeats for a quarter, metre and tempo for the rest. */
function scoreOf(bars: HeardBars, { onsets }: SongOnsets, truth: SongTruth): number {
  const kept = musicalBeats(bars, onsets);
  if (kept === null) return 0;
  const { beatsPerBar } = bars.template;
  const beatsSeconds = Array.from(kept.beatFrames, (frame) => frame / ONSET_FRAMES_PER_SECOND);
  const { beats, downbeats, metre, tempo } = scoreSong(truth, {
    tempoBpm: bars.tempoBpm,
    beatsSeconds,
    downbeatsSeconds: beatsSeconds.filter((_, n) => (n + kept.firstBeat) % beatsPerBar === 0),
    timeSignature: { beatsPerBar },
  });
  return (2 * beats + downbeats + 0.5 * metre + 0.5 * tempo) / 4;
}
