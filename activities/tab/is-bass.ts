import type { Instrument } from '../../workflows/contract/tab.ts';

/** An instrument whose highest string is tuned below this plays the bass line: five and six strings of a bass end at C3. */
const BASS_MIDI = 50;

export function isBass({ tuning }: Instrument): boolean {
  return Math.max(...tuning) < BASS_MIDI;
}
