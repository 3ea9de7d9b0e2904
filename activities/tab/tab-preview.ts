/** How a tab sounds: every note on a plucked string, in the song's own time. */
import { secondsAt } from './beat-grid.ts';
import { pluckedString } from './plucked-string.ts';
import type { PlayedNote, TabScore } from './tab-score.ts';

/** A finger that stops a string is not instant. */
const DAMPING_SECONDS = 0.03;
/** The highest peak, -3 dB. */
const PEAK = 10 ** (-3 / 20);

export interface PreviewSpan {
  /** Of the song. */
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly rateHz: number;
}

/** @returns one channel, peaking at -3 dB full scale; silence where nothing is played */
export function tabPreview({ grid, played }: TabScore, { fromSeconds, seconds, rateHz }: PreviewSpan): Float32Array {
  const sound = new Float32Array(Math.round(seconds * rateHz));
  for (const note of played) {
    const startSeconds = secondsAt(grid, note.startTick) - fromSeconds;
    if (startSeconds < 0 || startSeconds >= seconds) continue;
    add(sound, note, Math.round(startSeconds * rateHz), secondsAt(grid, note.endTick) - fromSeconds, rateHz);
  }
  const peak = sound.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0);
  return peak === 0 ? sound : sound.map((value) => (value / peak) * PEAK);
}

function add(sound: Float32Array, note: PlayedNote, start: number, endSeconds: number, rateHz: number): void {
  const damping = Math.round(DAMPING_SECONDS * rateHz);
  const end = Math.round(endSeconds * rateHz);
  const samples = Math.min(sound.length, end + damping) - start;
  const frequencyHz = 440 * 2 ** ((note.pitchMidi - 69) / 12);
  const string = pluckedString(frequencyHz, rateHz, samples);
  for (let sample = 0; sample < samples; sample++) {
    const damped = Math.min(1, 1 - (start + sample - end) / damping);
    sound[start + sample] = (sound[start + sample] as number) + note.amplitude * damped * (string[sample] as number);
  }
}
