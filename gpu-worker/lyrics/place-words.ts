/** Roughly when each given word is sung: as heard where it was, else in its share of the voice between those. */
import type { Span } from './voice-activity.ts';

/**
 * @param lengths of the words, in letters: longer ones take longer
 * @param known times of those that were heard
 * @param voice spans of it, in their order; at least one
 */
export function placeWords(
  lengths: readonly number[],
  known: readonly (Span | null)[],
  voice: readonly Span[],
): Span[] {
  const placed: Span[] = [];
  const first = voice[0]!.startSeconds;
  const last = voice.at(-1)!.endSeconds;
  for (let from = 0; from < lengths.length;) {
    const time = known[from];
    if (time !== null && time !== undefined) {
      placed.push(time);
      from++;
      continue;
    }
    let to = from;
    while (to < lengths.length && known[to] === null) to++;
    const startSeconds = placed.at(-1)?.endSeconds ?? first;
    const endSeconds = Math.max(startSeconds, known[to]?.startSeconds ?? last);
    placed.push(...spread(lengths.slice(from, to), cut(voice, startSeconds, endSeconds)));
    from = to;
  }
  return placed;
}

/** The voice between two times; the silence between them where there is none. */
function cut(voice: readonly Span[], startSeconds: number, endSeconds: number): Span[] {
  const inside = voice
    .map((span) => ({
      startSeconds: Math.max(startSeconds, span.startSeconds),
      endSeconds: Math.min(endSeconds, span.endSeconds),
    }))
    .filter((span) => span.endSeconds > span.startSeconds);
  return inside.length > 0 ? inside : [{ startSeconds, endSeconds }];
}

function spread(lengths: readonly number[], room: readonly Span[]): Span[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const seconds = room.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0);
  let letters = 0;
  return lengths.map((length) => {
    const startSeconds = timeAfter(room, (seconds * letters) / total);
    letters += length;
    return { startSeconds, endSeconds: Math.max(startSeconds, timeAfter(room, (seconds * letters) / total)) };
  });
}

/** When so many seconds of the spans have passed. */
function timeAfter(room: readonly Span[], seconds: number): number {
  let left = seconds;
  for (const { startSeconds, endSeconds } of room) {
    if (left <= endSeconds - startSeconds) return startSeconds + left;
    left -= endSeconds - startSeconds;
  }
  return room.at(-1)!.endSeconds;
}
