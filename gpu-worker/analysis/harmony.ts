// Tuning, key and chords of a song.
import type { ChordSpan, SongFacts, SongKey, SongRhythm } from '../../workflows/contract/analysis.ts';
import { chordSpans } from './chord-spans.ts';
import { decodeChords } from './chords.ts';
import type { ChordRun } from './chords.ts';
import { harmonyGrid } from './harmony-grid.ts';
import type { HarmonyGrid } from './harmony-grid.ts';
import { findKey, songKey } from './key.ts';
import { noteActivity } from './note-activity.ts';
import type { SlotNotes } from './note-activity.ts';
import type { PitchFrames } from './pitch-frames.ts';
import { named, pitchClassOf } from '../../workflows/contract/scales.ts';

export interface Harmony {
  readonly key: SongKey | null;
  readonly chords: readonly ChordSpan[];
  readonly tuningCents: number | null;
  /** What these were read from. */
  readonly frames: PitchFrames;
  readonly grid: HarmonyGrid;
  readonly slots: readonly SlotNotes[];
  readonly runs: readonly ChordRun[];
}

export interface HarmonyOptions {
  readonly rhythm: SongRhythm | null;
  /** Where a musician has said it. */
  readonly key?: SongFacts['key'] | undefined;
  /** What a network says of each slot, in nats as `chordScores` takes them, where one was asked: it counts beside the notes. */
  readonly heard?: ((grid: HarmonyGrid) => Float32Array) | null | undefined;
}

/** Peaks that agree less than this on a tuning are of something without pitch. */
const LEAST_AGREEMENT = 0.15;

/** From here on the pitches of instruments agree. */
const SURE_AGREEMENT = 0.35;

/**
 * Chords are decoded for no key, the key found from them, and the chords decoded again for it. A key that was said is plainly that, by the name that was
 * said, and spells the chords.
 */
export function findHarmony(frames: PitchFrames, durationSeconds: number, options: HarmonyOptions): Harmony {
  const { rhythm, key: told } = options;
  const grid = harmonyGrid(durationSeconds, rhythm);
  const slots = noteActivity(frames, grid.edgesSeconds);
  const heard = options.heard?.(grid) ?? null;
  const tuned = frames.tuning !== null && frames.tuning.agreement >= LEAST_AGREEMENT;
  const found = told === undefined ? findKey(slots, decodeChords(slots, grid, null, heard), grid) : null;
  const name = found === null ? (told ?? null) : named(found.key);
  const key = name === null ? null : { tonic: pitchClassOf(name.tonic), mode: name.mode };
  const runs = decodeChords(slots, grid, key, heard);
  const sounds = runs.some(({ chord }) => chord !== null);
  const sureness = Math.min(1, (frames.tuning?.agreement ?? 0) / SURE_AGREEMENT);
  const heardKey =
    found === null || !sounds ? null : songKey({ ...found, confidence: found.confidence * sureness }, slots, grid);
  return {
    key: told === undefined ? heardKey : { tonic: told.tonic, mode: told.mode, otherMode: null, confidence: 1 },
    chords: chordSpans(runs, slots, grid, name),
    tuningCents: tuned ? frames.tuning.cents : null,
    frames,
    grid,
    slots,
    runs,
  };
}
