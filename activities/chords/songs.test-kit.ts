// Songs that are known to the last beat, as their analysis would have them.
import type { ChordSpan, SectionSpan, SongAnalysis, SongKey } from '../../workflows/contract/analysis.ts';

export interface KnownSong {
  readonly key: Pick<SongKey, 'tonic' | 'mode'> | null;
  /** Labels in Harte's grammar, a bar each; several in a bar share it evenly. */
  readonly bars: readonly (string | readonly string[])[];
  /** Null: there is no beat, and a bar lasts 2 s. */
  readonly tempoBpm?: number | null;
  readonly beatsPerBar?: number;
  /** By the number of the bar, from 0, where each begins. */
  readonly sections?: readonly { readonly bar: number; readonly letter: string; readonly name?: SectionSpan['name'] }[];
  readonly confidence?: number;
}

export function knownSong({
  key,
  bars,
  tempoBpm = 120,
  beatsPerBar = 4,
  sections = [{ bar: 0, letter: 'A' }],
  confidence = 0.9,
}: KnownSong): SongAnalysis {
  const barSeconds = tempoBpm === null ? 2 : (60 / tempoBpm) * beatsPerBar;
  const durationSeconds = bars.length * barSeconds;
  const beats = Array.from({ length: bars.length * beatsPerBar }, (_, beat) => (beat * barSeconds) / beatsPerBar);
  return {
    durationSeconds,
    rhythm:
      tempoBpm === null
        ? null
        : {
            tempoBpm,
            confidence: 0.9,
            tempoCurve: [],
            beatsSeconds: beats,
            downbeatsSeconds: beats.filter((_, beat) => beat % beatsPerBar === 0),
            timeSignature: { beatsPerBar, beatUnit: 4, confidence: 0.9 },
            swing: null,
          },
    key: key === null ? null : { ...key, otherMode: null, confidence: 0.9 },
    chords: bars.flatMap((bar, index): ChordSpan[] => {
      const labels = typeof bar === 'string' ? [bar] : bar;
      const seconds = barSeconds / labels.length;
      return labels.map((label, part) => ({
        startSeconds: index * barSeconds + part * seconds,
        endSeconds: index * barSeconds + (part + 1) * seconds,
        label,
        confidence,
      }));
    }),
    sections: sections.map(({ bar, letter, name = null }, index) => ({
      startSeconds: bar * barSeconds,
      endSeconds: (sections[index + 1]?.bar ?? bars.length) * barSeconds,
      letter,
      name,
    })),
    tuningCents: 0,
    loudnessLufs: -14,
    peakDbtp: -1,
    loudnessRangeLu: 6,
    genre: null,
    mood: null,
  };
}

/** A list over and over. */
export function repeated<T>(list: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => list).flat();
}
