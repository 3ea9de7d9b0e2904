// Bars counted from where a musician says that one begins.
import { ONSET_FRAMES_PER_SECOND } from '../dsp/onset-flux.ts';
import type { HeardBars } from './hear-bars.ts';
import { isSameTempo } from './same-tempo.ts';

/** A beat that a musician names lies within this share of a beat of ours: else it is one between two of ours. */
const BEAT_WITHIN = 0.25;

/**
 * The bars that are believed in, their beat nearest to this moment made the first of its bar: neither tempo nor metre was spoken of. Where the moment
 * lies between two beats, those are taken that are heard there at the same tempo.
 *
 * @param heard all ways to hear the song, that which is believed in first
 */
export function barsFrom(downbeatSeconds: number, heard: readonly HeardBars[]): HeardBars | undefined {
  const [best] = heard;
  if (best === undefined) return undefined;
  const frame = downbeatSeconds * ONSET_FRAMES_PER_SECOND;
  const { tempoBpm, template } = best;
  const reachFrames = (BEAT_WITHIN * 60 * ONSET_FRAMES_PER_SECOND) / tempoBpm;
  const alike = heard.filter((bars) => bars.template.beatsPerBar === template.beatsPerBar && isSameTempo(bars, best));
  const there = alike.find(({ beatFrames }) => Math.abs(beatFrames[nearest(beatFrames, frame)]! - frame) < reachFrames);
  return beginningAt(frame, there ?? best);
}

function beginningAt(frame: number, bars: HeardBars): HeardBars {
  const { beatsPerBar } = bars.template;
  return { ...bars, firstBeat: (beatsPerBar - (nearest(bars.beatFrames, frame) % beatsPerBar)) % beatsPerBar };
}

/** Index of the beat that is nearest to a frame. */
function nearest(beatFrames: Int32Array, frame: number): number {
  return beatFrames.reduce((best, at, n) => (Math.abs(at - frame) < Math.abs(beatFrames[best]! - frame) ? n : best), 0);
}
