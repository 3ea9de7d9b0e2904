// Which beat is the first of a bar, and how many beats a bar has.

/** By how common they are: of two that fit as well, the first is taken. */
const BAR_LENGTHS = [4, 3, 2, 6, 5, 7] as const;
/** What a bar counts whose middle the network also took for a downbeat, or half of whose downbeats it missed. */
const MULTIPLE_WORTH = 0.25;
/** One frame's certainty, in nats, counts no more than this; a bar that is shorter or longer than the others costs more. */
const MOST_NATS = 5;
const ODD_BAR_NATS = 6;

/**
 * How many beats lie between downbeats for most of a song; of songs without any two it is the commonest length.
 * @param downbeats indices of beats, rising
 */
export function usualBarLength(downbeats: readonly number[]): number {
  const lengths = downbeats.slice(1).map((beat, n) => beat - downbeats[n]!);
  const scores = BAR_LENGTHS.map((beats) =>
    lengths.reduce((sum, length) => {
      if (length === beats) return sum + 1;
      return length % beats === 0 ? sum + MULTIPLE_WORTH : sum;
    }, 0),
  );
  return BAR_LENGTHS[scores.indexOf(Math.max(...scores))]!;
}

/**
 * Counts the beats of a song so that downbeats fall where the network says, in bars of one length but for those that are plainly shorter or longer
 * (Viterbi's algorithm over the place in the bar).
 *
 * @param downbeatLogits at each beat
 * @param mayBreak whether the bar before a beat may be an odd one
 * @returns place of each beat in its bar: 0 for downbeats
 */
export function countBeats(
  downbeatLogits: readonly number[],
  beatsPerBar: number,
  mayBreak: (beat: number) => boolean = () => true,
): number[] {
  const places = Array.from({ length: beatsPerBar }, (_, place) => place);
  const camefrom: number[][] = [];
  let best = places.map(() => 0);
  for (const [beat, logit] of downbeatLogits.entries()) {
    if (beat > 0) {
      const anywhere = best.indexOf(Math.max(...best));
      const from = places.map((place) => {
        const counted = (place + beatsPerBar - 1) % beatsPerBar;
        return !mayBreak(beat) || best[counted]! >= best[anywhere]! - ODD_BAR_NATS ? counted : anywhere;
      });
      camefrom.push(from);
      best = places.map((place) => {
        const before = from[place]!;
        return best[before]! - ((before + 1) % beatsPerBar === place ? 0 : ODD_BAR_NATS);
      });
    }
    best[0]! += Math.max(-MOST_NATS, Math.min(MOST_NATS, logit));
  }
  const counted: number[] = [];
  for (let beat = downbeatLogits.length - 1, place = best.indexOf(Math.max(...best)); beat >= 0; beat--) {
    counted.push(place);
    if (beat > 0) place = camefrom[beat - 1]![place]!;
  }
  return counted.toReversed();
}

/** 0 to 1: how far the logits agree with a count; 0.5 where they say nothing of it, such as that there is no downbeat at all. */
export function agreement(downbeatLogits: readonly number[], places: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const saysSo = mean(downbeatLogits.filter((_, beat) => places[beat] === 0).map(sigmoid));
  const saysNot = mean(downbeatLogits.filter((_, beat) => places[beat] !== 0).map((logit) => sigmoid(-logit)));
  return (saysSo + saysNot) / 2;
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
