/** Chords with their names behind the capo, as they sound, and as they work in their key. */
import type { ChartDetail } from '../../workflows/contract/chart.ts';
import { chordName } from '../../workflows/contract/chord-name.ts';
import { NO_CHORD } from './chart.ts';
import type { ChartChord } from './chart.ts';
import type { HeldChord, SoundingChord } from './chord-path.ts';
import { keyOf, movedKey } from './key-names.ts';
import { chordLabel } from './chord-label.ts';
import { simplified, transposed } from './pitch-chord.ts';
import { romanNumeral } from './roman-numerals.ts';
import { keyAt } from './song-keys.ts';
import type { KeySpan } from './song-keys.ts';

export interface ChordWriting {
  readonly keys: readonly KeySpan[];
  /** Fret; 0 for none. */
  readonly capo: number;
  readonly detail: ChartDetail;
  readonly durationSeconds: number;
}

/** What is left behind the last beat, and shorter, is the end of the last chord. */
const SHORTEST_REST_SECONDS = 0.5;

/** Major, minor, diminished and power chords in their places. */
export function simpleSpans(spans: readonly SoundingChord[], keys: readonly KeySpan[]): SoundingChord[] {
  return spans.map((span) => {
    const key = keyAt(keys, span.startSeconds);
    return { ...span, chord: span.chord === null ? null : simplified(span.chord, key === null ? null : keyOf(key)) };
  });
}

/**
 * @param shown as they are written @param heard in all detail: what a chord does in its key is told by what it was before it was made simple
 * @returns for each that is shown its own, in order, and behind them none where the song goes on without
 */
export function chartChords(
  shown: readonly HeldChord[],
  heard: readonly HeldChord[],
  { keys, capo, detail, durationSeconds }: ChordWriting,
): ChartChord[] {
  const origins = new Map(heard.map(({ fromStep, chord }) => [fromStep, chord]));
  const chords = shown.map(({ startSeconds, endSeconds, chord, confidence, fromStep }, index): ChartChord => {
    const key = keyAt(keys, startSeconds);
    const next = shown[index + 1]?.chord ?? null;
    const gripped = chordLabel(transposed(chord, -capo), key === null ? null : movedKey(key, -capo));
    return {
      startSeconds: index === 0 ? 0 : startSeconds,
      endSeconds: Math.min(endSeconds, durationSeconds),
      name: chord === null ? NO_CHORD : chordName(gripped),
      label: chordLabel(chord, key),
      numeral:
        chord === null || key === null ? null : romanNumeral(origins.get(fromStep) ?? chord, keyOf(key), next, detail),
      confidence,
    };
  });
  return tiled(chords, durationSeconds);
}

function tiled(chords: readonly ChartChord[], durationSeconds: number): ChartChord[] {
  const inside = chords.filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds);
  const last = inside.at(-1);
  const startSeconds = last?.endSeconds ?? 0;
  if (startSeconds >= durationSeconds) return inside;
  const isShort = durationSeconds - startSeconds < SHORTEST_REST_SECONDS;
  if (last !== undefined && (isShort || last.name === NO_CHORD)) {
    return [...inside.slice(0, -1), { ...last, endSeconds: durationSeconds }];
  }
  return [
    ...inside,
    { startSeconds, endSeconds: durationSeconds, name: NO_CHORD, label: 'N', numeral: null, confidence: 1 },
  ];
}
