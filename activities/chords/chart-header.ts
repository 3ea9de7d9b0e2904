/** What stands above a chart: key, capo, tempo. */
import { SURE } from '../../workflows/contract/analysis.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';
import type { Chart } from './chart.ts';
import { keyName, movedKey, shortKeyName } from './key-names.ts';

/** The rest are told where they begin. */
const MOST_KEYS = 4;

/** One fact a line, the important ones first; plain English. */
export function headerLines(chart: Chart): string[] {
  return [keyAndCapo(chart), tempoLine(chart), ...transposeLine(chart), ...easiestLine(chart), ...doubtLine(chart)];
}

/** Such as `Key: C major, then Db major`, or `Capo 3, play in G, sounds in Bb`. */
export function keyAndCapo(chart: Chart): string {
  const { key, capo } = chart;
  if (key === null) return capo === 0 ? 'No key was found' : `Capo ${capo}. No key was found`;
  const probably = key.confidence < SURE ? 'probably ' : '';
  const keys = keysInTurn(chart);
  if (capo === 0) return `Key: ${probably}${inTurn(keys.map(keyName), ', then ')}`;
  return `Capo ${capo}, play in ${shapesBehind(capo, keys)}, sounds in ${probably}${inTurn(keys.map(shortKeyName))}`;
}

/** The first key, and every other one when it first comes. */
function keysInTurn({ key, keyChanges }: Chart): NamedKey[] {
  const all = [...(key === null ? [] : [key]), ...keyChanges.map((change) => change.key)];
  return all.filter((one, index) => all.findIndex((other) => keyName(other) === keyName(one)) === index);
}

function shapesBehind(fret: number, keys: readonly NamedKey[]): string {
  return inTurn(keys.map((key) => shortKeyName(movedKey(key, -fret))));
}

function inTurn(names: readonly string[], then = ' then '): string {
  const shown = names.length > MOST_KEYS ? [...names.slice(0, MOST_KEYS - 1), 'others'] : names;
  return shown.join(then);
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

function easiestLine(chart: Chart): string[] {
  const { capo, easiestCapo } = chart;
  if (easiestCapo === null || easiestCapo === capo) return [];
  const keys = keysInTurn(chart);
  const shapes = keys.length === 0 ? '' : `, play in ${shapesBehind(easiestCapo, keys)}`;
  return [`Easiest with capo ${easiestCapo}${shapes}`];
}

export function doubtLine({ isGuess }: Chart): string[] {
  return isGuess ? ['These chords are a guess: little in this recording has a clear pitch'] : [];
}
