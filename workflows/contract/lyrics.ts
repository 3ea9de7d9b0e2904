/** Words and when they are sung. Times are seconds from the song's first sample. */
export interface LyricWord {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** With its punctuation, without spaces around it. */
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
}

export interface LyricLine {
  readonly words: readonly LyricWord[];
}

export interface SongLyrics {
  /** ISO 639-1, such as `en`. */
  readonly language: string;
  readonly lines: readonly LyricLine[];
  /** `given`: somebody's own words, only their times were found. */
  readonly source: 'heard' | 'given';
}
