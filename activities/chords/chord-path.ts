/** Chords as they are worth writing down: on the song's beats, without those that are too short to be meant. */
import type { ChordSpan } from '../../workflows/contract/analysis.ts';
import { sameChord, tonesOf } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';

export interface SoundingChord extends Pick<ChordSpan, 'startSeconds' | 'endSeconds' | 'confidence'> {
  /** Null where none sounds. */
  readonly chord: PitchChord | null;
}

/** A chord over whole steps of a grid. */
export interface HeldChord extends SoundingChord {
  readonly fromStep: number;
  /** The first step that is not its. */
  readonly toStep: number;
}

/** Nobody changes chords faster than this. */
const SHORTEST_CHORD_SECONDS = 0.4;
/** One step away and back is an ornament where it is shorter than this, or less sure than what it decorates. */
const SHORTEST_DETOUR_SECONDS = 0.7;
/** A band that plays on rests no longer than this without leaving its chord. */
const LONGEST_REST_SECONDS = 1;

/**
 * @param edgesSeconds rising; one more than there are steps
 * @returns chords that tile the grid, no two neighbours alike
 */
export function chordPath(spans: readonly SoundingChord[], edgesSeconds: readonly number[]): HeldChord[] {
  return withoutShort(joined(onSteps(spans, edgesSeconds)));
}

/** For each step what sounds in most of it; the earlier of two that share it evenly, since chords come early rather than late. */
function onSteps(spans: readonly SoundingChord[], edgesSeconds: readonly number[]): HeldChord[] {
  let first = 0;
  return edgesSeconds.slice(1).map((endSeconds, step) => {
    const startSeconds = edgesSeconds[step] as number;
    while (first < spans.length - 1 && (spans[first] as SoundingChord).endSeconds <= startSeconds) first++;
    const within: { span: SoundingChord; seconds: number }[] = [];
    let silent = endSeconds - startSeconds;
    for (let index = first; index < spans.length; index++) {
      const span = spans[index] as SoundingChord;
      if (span.startSeconds >= endSeconds) break;
      const seconds = Math.min(endSeconds, span.endSeconds) - Math.max(startSeconds, span.startSeconds);
      if (seconds <= 0 || span.chord === null) continue;
      silent -= seconds;
      const same = within.find((each) => sameChord(each.span.chord, span.chord));
      if (same === undefined) within.push({ span, seconds });
      else same.seconds += seconds;
    }
    const tolerance = 0.02 * (endSeconds - startSeconds);
    const best = within.reduce<(typeof within)[number] | null>(
      (most, each) => (most === null || each.seconds > most.seconds + tolerance ? each : most),
      null,
    );
    const heard = best !== null && best.seconds >= silent - tolerance ? best.span : { chord: null, confidence: 1 };
    const { chord, confidence } = heard;
    return { fromStep: step, toStep: step + 1, startSeconds, endSeconds, chord, confidence };
  });
}

function joined(held: readonly HeldChord[]): HeldChord[] {
  const runs: HeldChord[] = [];
  for (const next of held) {
    const last = runs.at(-1);
    if (last === undefined || !sameChord(last.chord, next.chord)) runs.push(next);
    else runs[runs.length - 1] = extended(last, next);
  }
  return runs;
}

/** The first one's chord over both. */
function extended(one: HeldChord, other: HeldChord): HeldChord {
  const [a, b] = [lengthOf(one), lengthOf(other)];
  return {
    chord: one.chord,
    fromStep: Math.min(one.fromStep, other.fromStep),
    toStep: Math.max(one.toStep, other.toStep),
    startSeconds: Math.min(one.startSeconds, other.startSeconds),
    endSeconds: Math.max(one.endSeconds, other.endSeconds),
    confidence: sameChord(one.chord, other.chord)
      ? (a * one.confidence + b * other.confidence) / (a + b)
      : one.confidence,
  };
}

/** Of neighbours the shortest goes first, so that what is left grows around it. */
function withoutShort(held: readonly HeldChord[]): HeldChord[] {
  const runs = [...held];
  for (;;) {
    const before = runs.length;
    for (let index = 0; index < runs.length; index++) {
      if (!isImplausible(runs, index)) continue;
      const next = runs[index + 1];
      const yields = next !== undefined && lengthOf(next) < lengthOf(runs[index] as HeldChord);
      if (yields && isImplausible(runs, index + 1)) continue;
      absorb(runs, index);
      index = Math.max(-1, index - 3);
    }
    if (runs.length === before) return runs;
  }
}

function isImplausible(runs: readonly HeldChord[], index: number): boolean {
  if (runs.length === 1) return false;
  const run = runs[index] as HeldChord;
  const [before, after] = [runs[index - 1], runs[index + 1]];
  const length = lengthOf(run);
  // Silence before the first chord and after the last is what it is.
  if (run.chord === null) return before !== undefined && after !== undefined && length < LONGEST_REST_SECONDS;
  if (length < SHORTEST_CHORD_SECONDS) return true;
  if (before === undefined || after === undefined || !sameChord(before.chord, after.chord)) return false;
  // A chord between rests decorates nothing.
  if (before.chord === null) return false;
  const unsure = run.confidence < Math.min(before.confidence, after.confidence);
  return run.toStep - run.fromStep === 1 && (length < SHORTEST_DETOUR_SECONDS || unsure);
}

/** What is cut goes to the neighbour that shares most tones with it; a rest, and what both share, to the one before. */
function absorb(runs: HeldChord[], index: number): void {
  const run = runs[index] as HeldChord;
  const [before, after] = [runs[index - 1], runs[index + 1]];
  const toBefore =
    after === undefined ||
    (before !== undefined && commonTones(run.chord, before.chord) >= commonTones(run.chord, after.chord));
  const around = toBefore ? [extended(before as HeldChord, run), after] : [before, extended(after, run)];
  const kept = joined(around.filter((each) => each !== undefined));
  runs.splice(before === undefined ? index : index - 1, before === undefined || after === undefined ? 2 : 3, ...kept);
}

function commonTones(one: PitchChord | null, other: PitchChord | null): number {
  if (one === null || other === null) return 0;
  const tones = new Set(tonesOf(one));
  return tonesOf(other).filter((tone) => tones.has(tone)).length;
}

function lengthOf({ startSeconds, endSeconds }: SoundingChord): number {
  return endSeconds - startSeconds;
}
