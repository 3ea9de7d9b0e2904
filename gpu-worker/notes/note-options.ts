/** What may be chosen when notes are made of what the network heard. The defaults are those published with it. */
export interface NoteOptions {
  /** How probable a beginning must be, 0 to 1. Lower: more, shorter notes. */
  readonly onsetThreshold: number;
  /** How probable a pitch must be for its note to go on, 0 to 1. Lower: more, longer notes. */
  readonly frameThreshold: number;
  /** Notes that are not longer than this, to the nearest frame of 11.6 ms, are left out. */
  readonly shortestSeconds: number;
  /** MIDI numbers, both included; what sounds outside is not heard. */
  readonly pitchRange: { readonly lowest: number; readonly highest: number };
  /** Also take notes that sound without a beginning of their own, as Melodia does (Salamon and Gómez 2012). */
  readonly melodia: boolean;
  /** `one`: a singer, or an instrument that plays one note at a time. */
  readonly voices: 'one' | 'many';
}

export const NOTE_DEFAULTS: NoteOptions = {
  onsetThreshold: 0.5,
  frameThreshold: 0.3,
  shortestSeconds: 0.1277,
  pitchRange: { lowest: 21, highest: 108 },
  melodia: true,
  voices: 'many',
};

/** @throws RangeError for what is outside of its range, or is not a number. */
export function checkNoteOptions({ onsetThreshold, frameThreshold, shortestSeconds, pitchRange }: NoteOptions): void {
  for (const [name, threshold] of Object.entries({ onsetThreshold, frameThreshold })) {
    if (!(threshold >= 0 && threshold <= 1)) throw new RangeError(`${name} ${String(threshold)} is not in 0 .. 1`);
  }
  if (!(shortestSeconds >= 0)) throw new RangeError(`a shortest note of ${String(shortestSeconds)} s`);
  const { lowest, highest } = pitchRange;
  if (!(lowest <= highest)) throw new RangeError(`no pitch is from ${String(lowest)} to ${String(highest)}`);
}
