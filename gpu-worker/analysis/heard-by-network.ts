/** What optional networks hear in a song. Their beats stand in for what the built-in methods hear, their chords count beside it. */

export interface BeatActivations {
  readonly framesPerSecond: number;
  /** Logits: above 0 a beat is likelier than none. */
  readonly beats: Float32Array;
  /** The same of downbeats, as long. */
  readonly downbeats: Float32Array;
}

export interface ChordActivations {
  readonly framesPerSecond: number;
  /** In mir_eval's grammar, such as `C:maj`, `A:min7`, `N`. */
  readonly labels: readonly string[];
  /** Frames × labels, 0 to 1; those of a frame sum to 1. */
  readonly probabilities: Float32Array;
}
