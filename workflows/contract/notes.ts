/** A note as it was heard, before anybody writes it down. */
export interface HeardNote {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** MIDI note number, 21 to 108; 69 is A4. */
  readonly pitchMidi: number;
  /** 0 to 1. */
  readonly amplitude: number;
  /** Deviation from the pitch, a reading every 256 samples at 22,050 Hz, in cents; null where notes overlap. */
  readonly bendCents: readonly number[] | null;
}
