/** What stands above a chart: key, capo, tempo. */
import { SURE } from '../../workflows/contract/analysis.ts';
import type { Chart } from './chart.ts';
import { keyName, movedKey, shortKeyName } from './key-names.ts';

/** One fact a line, the important ones first; plain English. */
export function headerLines(chart: Chart): string[] {
  return [keyAndCapo(chart), tempoLine(chart), ...transposeLine(chart), ...easiestLine(chart), ...doubtLine(chart)];
}

/** Such as `Capo 3, play in G, sounds in Bb`. */
export function keyAndCapo({ key, playedIn, capo }: Chart): string {
  if (key === null || playedIn === null) return capo === 0 ? 'No key was found' : `Capo ${capo}. No key was found`;
  const probably = key.confidence < SURE ? 'probably ' : '';
  if (capo === 0) return `Key: ${probably}${keyName(key)}`;
  return `Capo ${capo}, play in ${shortKeyName(playedIn)}, sounds in ${probably}${shortKeyName(key)}`;
}

function tempoLine({ tempoBpm, timeSignature }: Chart): string {
  if (tempoBpm === null || timeSignature === null) return 'No beat was found: chords are written with their times';
  return `${Math.round(tempoBpm)} BPM, ${timeSignature.beatsPerBar}/${timeSignature.beatUnit}`;
}

function transposeLine({ transpose }: Chart): string[] {
  if (transpose === 0) return [];
  const semitones = `${Math.abs(transpose)} ${Math.abs(transpose) === 1 ? 'semitone' : 'semitones'}`;
  return [`Moved ${transpose > 0 ? 'up' : 'down'} by ${semitones}`];
}

function easiestLine({ key, capo, easiestCapo }: Chart): string[] {
  if (easiestCapo === null || easiestCapo === capo) return [];
  const shapes = key === null ? '' : `, play in ${shortKeyName(movedKey(key, -easiestCapo))}`;
  return [`Easiest with capo ${easiestCapo}${shapes}`];
}

export function doubtLine({ isGuess }: Chart): string[] {
  return isGuess ? ['These chords are a guess: little in this recording has a clear pitch'] : [];
}
