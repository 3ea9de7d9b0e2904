/** Tunings that have a name. Strings come in the order of players' counting backwards: the lowest one first, on most instruments. */

/** MIDI note numbers of the open strings. Names of bass tunings begin with `bass-`. */
export const NAMED_TUNINGS = {
  standard: [40, 45, 50, 55, 59, 64],
  'drop-d': [38, 45, 50, 55, 59, 64],
  'half-step-down': [39, 44, 49, 54, 58, 63],
  'whole-step-down': [38, 43, 48, 53, 57, 62],
  dadgad: [38, 45, 50, 55, 57, 62],
  'open-g': [38, 43, 50, 55, 59, 62],
  'open-d': [38, 45, 50, 54, 57, 62],
  '7-string': [35, 40, 45, 50, 55, 59, 64],
  '8-string': [30, 35, 40, 45, 50, 55, 59, 64],
  ukulele: [67, 60, 64, 69],
  'bass-standard': [28, 33, 38, 43],
  'bass-drop-d': [26, 33, 38, 43],
  'bass-half-step-down': [27, 32, 37, 42],
  'bass-5-string': [23, 28, 33, 38, 43],
  'bass-6-string': [23, 28, 33, 38, 43, 48],
} as const;
export type TuningName = keyof typeof NAMED_TUNINGS;

export const TUNING_NAMES = Object.keys(NAMED_TUNINGS) as readonly TuningName[];

/** An instrument whose highest string is tuned below this plays the bass line: five and six strings of a bass end at C3. */
const BASS_MIDI = 53;
const NOTES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

export function isBassTuning(tuning: readonly number[]): boolean {
  return Math.max(...tuning) < BASS_MIDI;
}

/** Its name where it has one, else its notes, such as `C2 G2 C3 G3 C4 E4`. */
export function tuningName(tuning: readonly number[]): string {
  const name = TUNING_NAMES.find((each) => NAMED_TUNINGS[each].join() === tuning.join());
  return name ?? tuningNotes(tuning);
}

/** Such as `C2 G2 C3 G3 C4 E4`. */
export function tuningNotes(tuning: readonly number[]): string {
  return tuning.map((pitch) => `${NOTES[pitch % 12] as string}${String(Math.floor(pitch / 12) - 1)}`).join(' ');
}
