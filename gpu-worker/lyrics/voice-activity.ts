/** Where there may be a voice in a recording of a voice alone: where it is loud enough, and not all the same. */
import { LISTENING_RATE_HZ } from './log-mel.ts';

export interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

const STEP_SECONDS = 0.01;
const STEP = LISTENING_RATE_HZ * STEP_SECONDS;
/** Below this there is nothing, whatever the rest is. */
const LEAST_DB = -60;
/** Of the loud parts; a voice's quiet ends are further down than its quiet phrases. */
const DEPTH_DB = 38;
/** Speech and song rise and fall by more than this; noise and steady tones by less. */
const LEAST_SWING_DB = 6;
const CLOSED_GAP_SECONDS = 0.2;
const SHORTEST_SECONDS = 0.06;

/**
 * @param samples mono at 16 kHz
 * @returns spans in their order, apart from each other by at least 0.2 s; none in silence and in steady noise
 */
export function findVoice(samples: Float32Array): Span[] {
  const levels = levelsDb(samples);
  if (levels.length === 0) return [];
  const ranked = Float32Array.from(levels).sort();
  const loud = ranked[Math.floor(0.95 * (ranked.length - 1))]!;
  const quiet = ranked[Math.floor(0.05 * (ranked.length - 1))]!;
  if (loud - quiet < LEAST_SWING_DB) return [];
  // A noise floor under the voice counts as silence.
  const threshold = Math.max(LEAST_DB, loud - DEPTH_DB, Math.min(quiet + LEAST_SWING_DB, loud - LEAST_SWING_DB));

  const spans: { startSeconds: number; endSeconds: number }[] = [];
  for (const [step, level] of levels.entries()) {
    if (level < threshold) continue;
    const startSeconds = step * STEP_SECONDS;
    const endSeconds = startSeconds + STEP_SECONDS;
    const last = spans.at(-1);
    if (last !== undefined && startSeconds - last.endSeconds < CLOSED_GAP_SECONDS) last.endSeconds = endSeconds;
    else spans.push({ startSeconds, endSeconds });
  }
  return spans.filter(({ startSeconds, endSeconds }) => endSeconds - startSeconds >= SHORTEST_SECONDS);
}

/** Mean square of each 10 ms with its neighbours. */
function levelsDb(samples: Float32Array): Float32Array {
  const steps = Math.floor(samples.length / STEP);
  const powers = Float64Array.from({ length: steps }, (_, step) => {
    let sum = 0;
    for (let n = step * STEP; n < (step + 1) * STEP; n++) sum += samples[n]! * samples[n]!;
    return sum / STEP;
  });
  return Float32Array.from(powers, (power, step) => {
    const mean = ((powers[step - 1] ?? power) + power + (powers[step + 1] ?? power)) / 3;
    return mean > 0 ? 10 * Math.log10(mean) : -Infinity;
  });
}

/** Joins spans with less than `gapSeconds` between them. */
export function joinSpans(spans: readonly Span[], gapSeconds: number): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && span.startSeconds - last.endSeconds < gapSeconds) {
      joined.splice(-1, 1, { startSeconds: last.startSeconds, endSeconds: span.endSeconds });
    } else joined.push(span);
  }
  return joined;
}
