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
  /** ISO 639-1, such as `en`; null where nobody can tell. */
  readonly language: string | null;
  readonly lines: readonly LyricLine[];
  /** `given`: somebody's own words, only their times were found. */
  readonly source: 'heard' | 'given';
}

/** What a card says of a song's words. */
export interface LyricsSummary {
  /** Null where nobody can tell. */
  readonly language: string | null;
  readonly source: SongLyrics['source'];
  readonly words: number;
  /** Mean over the words, 0 to 1; null where there are none. */
  readonly confidence: number | null;
  /** The first lines, as plain text, with the second at which each begins; 6 at most. */
  readonly opening: readonly { readonly startSeconds: number; readonly text: string }[];
}

/** `lyrics.json`, as it is handed over. */
export interface LyricsDocument extends SongLyrics {
  readonly title: string;
  /** All words, in one row. */
  readonly words: readonly LyricWord[];
}
