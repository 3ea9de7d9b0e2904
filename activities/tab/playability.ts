/** How hard a tab is to play, measured on what was written. */
import type { DroppedNote, Playability } from '../../workflows/contract/tab.ts';
import type { FingeredNote, FingeredStroke } from './fingered-stroke.ts';
import { canHold, spanFrets } from './hand.ts';
import type { Hand, Place } from './hand.ts';
import type { ScoreBar } from './tab-score.ts';

/** A hand that moves by no more than this has not changed its position. */
const SAME_POSITION_FRETS = 1;

/** @param strokes with the ends at which their notes really end */
export function playability(
  strokes: readonly FingeredStroke[],
  bars: readonly ScoreBar[],
  dropped: readonly DroppedNote[],
  hand: Hand,
  capo: number,
): Playability {
  const held = soundingPlaces(strokes);
  const shifts = strokes.filter(
    ({ position }, index) => Math.abs(position - (strokes[index - 1]?.position ?? position)) > SAME_POSITION_FRETS,
  );
  const impossible = bars.filter(({ startTick, ticks }) =>
    held.some((places, index) => {
      const tick = strokes[index]?.startTick as number;
      return tick >= startTick && tick < startTick + ticks && !canHold(places, hand, capo);
    }),
  );
  return {
    largestStretchFrets: Math.max(0, ...held.map((places) => spanFrets(places))),
    shiftsPerBar: shifts.length / bars.length,
    impossibleBars: impossible.length,
    dropped: [...dropped].sort((a, b) => a.startSeconds - b.startSeconds || a.pitchMidi - b.pitchMidi),
  };
}

/** For each stroke all that sounds when it has been struck: new notes only ever come with one. */
function soundingPlaces(strokes: readonly FingeredStroke[]): Place[][] {
  let ringing: FingeredNote[] = [];
  return strokes.map(({ startTick, notes }) => {
    ringing = [...ringing.filter(({ endTick }) => endTick > startTick), ...notes];
    return ringing;
  });
}
