// One drum, a metronome: strokes of which none differs from the others.
import { SOUND_KINDS } from './metre-templates.ts';
import type { HeardBars } from './hear-bars.ts';
import type { SongOnsets } from './rhythm-evidence.ts';
import { isSameTempo } from './same-tempo.ts';

/** Harmony is no stroke. */
const KINDS = SOUND_KINDS.filter((kind) => kind !== 'harmony');
/** A beat with less than this share of the strongest is not struck. */
const UNSTRUCK_SHARE = 0.1;
/** So far strokes may differ, as a share of their mean: by the frames that they fall between alone. Of drummers' strokes no two are so alike. */
const ALIKE_SHARE = 0.12;
const FEWEST_STROKES = 8;
const USUAL_BEATS_PER_BAR = 4;

/**
 * Where all strokes are alike and evenly apart, nothing tells a bar, and patterns that fit by accident must not: the strokes are the beats, in bars of
 * four. Elsewhere null.
 *
 * @param heard all ways to hear the song, the most credible first
 */
export function barePulse(heard: readonly HeardBars[], song: SongOnsets): HeardBars | null {
  const [best] = heard;
  const strokeBpm = best === undefined ? null : strokeTempo(best, song);
  if (strokeBpm === null) return null;
  const atStrokes = heard.filter((bars) => isSameTempo(bars, { tempoBpm: strokeBpm }));
  const plain = atStrokes.find(({ template }) => template.beatsPerBar === USUAL_BEATS_PER_BAR) ?? atStrokes[0];
  return plain === undefined ? null : { ...plain, isBare: true };
}

/** Strokes a minute; null where they are not alike. */
function strokeTempo({ beatFrames, tempoBpm }: HeardBars, song: SongOnsets): number | null {
  const halves = Array.from({ length: 2 * beatFrames.length - 1 }, (_, n) =>
    n % 2 === 0 ? beatFrames[n / 2]! : Math.round((beatFrames[(n - 1) / 2]! + beatFrames[(n + 1) / 2]!) / 2),
  );
  const sums = halves.map((frame) => strengths(song, frame).reduce((sum, value) => sum + value, 0));
  const least = UNSTRUCK_SHARE * Math.max(...sums);
  const struck = halves.flatMap((frame, n) => (sums[n]! > least ? [{ n, frame }] : []));
  if (struck.length < FEWEST_STROKES) return null;
  const apart = struck[1]!.n - struck[0]!.n;
  if (!struck.every(({ n }, index) => n === struck[0]!.n + index * apart)) return null;
  const strokes = struck.map(({ frame }) => strengths(song, frame));
  return difference(strokes) < ALIKE_SHARE ? (2 * tempoBpm) / apart : null;
}

function strengths({ evidence }: SongOnsets, frame: number): number[] {
  return KINDS.map((kind) => evidence[kind].nearby[frame] ?? 0);
}

/** Standard deviation of the strokes as a share of the root of their mean square, over all kinds of sound. */
function difference(strokes: readonly (readonly number[])[]): number {
  let scatter = 0;
  let power = 0;
  for (const [kind] of KINDS.entries()) {
    const values = strokes.map((stroke) => stroke[kind]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const value of values) {
      scatter += (value - mean) ** 2;
      power += value ** 2;
    }
  }
  return Math.sqrt(scatter / power);
}
