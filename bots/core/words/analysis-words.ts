/** What is said of a song's analysis, in one language. Figures arrive as they are shown. */
export interface AnalysisWords {
  /** In lists and below a card's title. */
  readonly title: string;
  readonly modes: Readonly<
    Record<'major' | 'minor' | 'dorian' | 'phrygian' | 'lydian' | 'mixolydian' | 'locrian', string>
  >;
  /** How the note below C is called beside a mode. */
  readonly naturalB: string;
  readonly sections: Readonly<Record<'intro' | 'verse' | 'chorus' | 'bridge' | 'solo' | 'outro', string>>;
  tempo(bpm: string | number): string;
  /** Of a song that drifts. */
  drift(slowestBpm: string | number, fastestBpm: string | number): string;
  metre(signature: string | number): string;
  key(key: string | number): string;
  /** On a button: at most 20 characters with the longest key. */
  itIs(key: string | number): string;
  readonly noKey: string;
  chords(names: string | number): string;
  readonly noChords: string;
  form(sections: string | number): string;
  loudness(lufs: string | number, peakDbtp: string | number, rangeLu: string | number): string;
  readonly silent: string;
  tuning(hz: string | number, cents: string | number): string;
  readonly swung: string;
  genre(label: string | number): string;
  mood(label: string | number): string;
  /** By the label of a guess; others are shown as they are. */
  readonly moods: Readonly<Record<string, string>>;
  /** Behind what was found. */
  sure(percent: string | number): string;
  readonly notSure: string;
  /** Behind what a member has said. */
  readonly asSaid: string;
  /** @param how the command that says a tempo */
  noBeat(how: string | number): string;
  /** In place of how long it took. */
  readonly knownBefore: string;
}
