/** What a network hears, in the terms of the chord decoder: how well each of its chords explains each slot of the harmony grid. */
import { CHORDS } from '../analysis/chord-vocabulary.ts';
import type { ChordQuality } from '../analysis/chord-vocabulary.ts';
import type { HarmonyGrid } from '../analysis/harmony-grid.ts';
import type { ChordActivations } from '../analysis/heard-by-network.ts';
import { CHORD_CLASSES } from './chord-labels.ts';
import type { NetworkQuality } from './chord-labels.ts';

/** What the decoder calls the kinds of chords that it does not tell apart as the network does. */
const NEAREST: Partial<Readonly<Record<NetworkQuality, ChordQuality>>> = {
  dim7: 'dim',
  min6: 'min',
  minmaj7: 'min',
  sus2: 'maj',
};
/** Of what the network says, so much is put down to chance: no chord is ever impossible. */
const DOUBT = 0.02;
/**
 * Frames overlap, and the network looks far around each: so a slot counts for a third of a frame that was heard by itself. Chosen on 36 songs of
 * `tools/analysis-songs` (seeds 811 and 812), where anything from 0.15 to 0.5 does as well.
 */
const INDEPENDENT_FRAMES = 0.35;

/** The chords, and after them none. */
const STATES = CHORDS.length + 1;
/** For each class of the network, the decoder's state; -1 for one that says nothing. */
const STATE_OF_CLASS: readonly number[] = CHORD_CLASSES.map(({ label, chord }) => {
  if (chord === null) return label === 'N' ? CHORDS.length : -1;
  const quality = NEAREST[chord.quality] ?? chord.quality;
  return CHORDS.findIndex(
    (known) => known.root === chord.root && known.quality === quality && known.bass === chord.bass,
  );
});

/**
 * Nats for each slot and state of {@link CHORDS} and none, slots × states: logarithms of the probabilities against even ones, averaged over the
 * slot's frames; of a slot without frames, those of the nearest. To be added to what the notes of a slot say: a network and a table of chord tones err
 * differently.
 * @param activations as `hearChords` gives them
 * @throws RangeError where the labels are others than those of {@link CHORD_CLASSES}
 */
export function activationScores(
  { framesPerSecond, labels, probabilities }: ChordActivations,
  { edgesSeconds }: HarmonyGrid,
): Float32Array {
  if (!isKnown(labels)) throw new RangeError('labels of another network, or in another order');
  const frames = probabilities.length / labels.length;
  const slots = edgesSeconds.length - 1;
  const scores = new Float32Array(slots * STATES);
  if (frames === 0) return scores;
  const heard = new Float32Array(STATES);
  for (let slot = 0; slot < slots; slot++) {
    const row = scores.subarray(slot * STATES, (slot + 1) * STATES);
    const [from, to] = slotFrames(
      edgesSeconds[slot]! * framesPerSecond,
      edgesSeconds[slot + 1]! * framesPerSecond,
      frames,
    );
    for (let frame = from; frame < to; frame++) {
      stateProbabilities(probabilities.subarray(frame * labels.length, (frame + 1) * labels.length), heard);
      heard.forEach((probability, state) => {
        const chance = (1 - DOUBT) * probability + DOUBT / STATES;
        row[state]! += (INDEPENDENT_FRAMES / (to - from)) * Math.log(chance * STATES);
      });
    }
  }
  return scores;
}

function isKnown(labels: readonly string[]): boolean {
  return labels.length === CHORD_CLASSES.length && CHORD_CLASSES.every(({ label }, index) => label === labels[index]);
}

/** Frames whose centres lie in a slot, `to` not among them; at least one. Positions are in frames. */
function slotFrames(start: number, end: number, frames: number): readonly [from: number, to: number] {
  const [from, to] = [Math.ceil(start), Math.min(frames, Math.ceil(end))];
  if (from < to) return [from, to];
  const nearest = Math.min(frames - 1, Math.max(0, Math.round((start + end) / 2)));
  return [nearest, nearest + 1];
}

/** What the network gives to chords without a name here tells nothing: the rest is scaled up to 1, as far as there is a rest. */
function stateProbabilities(classes: Float32Array, states: Float32Array): void {
  states.fill(0);
  let told = 0;
  classes.forEach((probability, index) => {
    const state = STATE_OF_CLASS[index]!;
    if (state < 0) return;
    states[state]! += probability;
    told += probability;
  });
  for (let state = 0; state < states.length; state++) {
    states[state] = told > 0 ? states[state]! / told : 1 / states.length;
  }
}
