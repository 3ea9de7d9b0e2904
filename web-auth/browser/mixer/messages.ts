/** What the page and the audio thread say to each other. Positions are samples of the recording. */

export interface PackShape {
  readonly channels: number;
  readonly samples: number;
  readonly segmentSamples: number;
  /** By stem: what decoded samples are multiplied by. */
  readonly scales: readonly number[];
}

export interface Loop {
  readonly from: number;
  /** The first sample that is not played any more. */
  readonly to: number;
}

/** A click on each beat, beside the mix. */
export interface ClickTrack {
  /** Positions of beats in order, as whole samples; empty for no click. */
  readonly beats: readonly number[];
  /** For each beat: a bar begins there. */
  readonly isFirst: readonly boolean[];
  /** A factor; 1 is about as loud as a snare drum. */
  readonly gain: number;
}

export type ToWorklet =
  | {
      readonly kind: 'segment';
      readonly stem: number;
      readonly index: number;
      readonly channels: readonly Int16Array[];
    }
  | { readonly kind: 'drop'; readonly index: number }
  /** By stem, mute and solo resolved. */
  | { readonly kind: 'gains'; readonly gains: readonly number[] }
  | { readonly kind: 'play' | 'pause' }
  | { readonly kind: 'seek'; readonly position: number }
  | { readonly kind: 'loop'; readonly loop: Loop | null }
  /** `rate` 1 is the recording's own speed. */
  | { readonly kind: 'stretch'; readonly rate: number; readonly semitones: number }
  | { readonly kind: 'click'; readonly click: ClickTrack }
  /** Answered by a state at once. */
  | { readonly kind: 'report' };

/** Some thirty times a second, and whenever something changed. */
export interface EngineState {
  /** Of the audio context, in seconds, to which `position` belongs. */
  readonly time: number;
  /** What leaves the engine at `time`. */
  readonly position: number;
  /** How often it was told to go somewhere: what it said before it heard the latest is not true any more. */
  readonly seeks: number;
  /** Samples of the recording per sample that is heard. */
  readonly rate: number;
  readonly isPlaying: boolean;
  /** It waits for segments. */
  readonly isStarved: boolean;
  readonly isStretched: boolean;
  /** Highest level since the last report: by stem, then left and right of the sum. */
  readonly peaks: readonly number[];
}
