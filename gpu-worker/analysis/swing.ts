// Where the eighth between two beats falls.
import { SOUND_KINDS } from './metre-templates.ts';
import type { RhythmEvidence } from './bar-rates.ts';

/** Shares of a beat between which an eighth is looked for, and the step. */
const EARLIEST = 0.42;
const LATEST = 0.78;
const STEPS = 37;
/** Against the onsets on the beat. */
const FAINTEST = 0.08;

/**
 * @returns share of a beat: 0.5 straight, about 0.67 swung; null where nothing plays there
 */
export function swingOf(evidence: RhythmEvidence, beatFrames: Int32Array): number | null {
  const onBeat = massAt(evidence, beatFrames, 0);
  const heard = Array.from({ length: STEPS }, (_, step) => {
    const share = EARLIEST + ((LATEST - EARLIEST) * step) / (STEPS - 1);
    return { share, mass: massAt(evidence, beatFrames, share) };
  });
  const top = Math.max(...heard.map(({ mass }) => mass));
  if (onBeat === 0 || top < FAINTEST * onBeat) return null;
  // The middle of the peak: what reaches half of it next to its top.
  const peak = heard.findIndex(({ mass }) => mass === top);
  const near = heard.filter(({ mass }, step) => Math.abs(step - peak) <= 4 && mass > top / 2);
  const weight = near.reduce((sum, { mass }) => sum + mass, 0);
  return near.reduce((sum, { share, mass }) => sum + share * mass, 0) / weight;
}

function massAt(evidence: RhythmEvidence, beatFrames: Int32Array, share: number): number {
  let sum = 0;
  for (const kind of SOUND_KINDS) {
    if (kind === 'harmony') continue;
    const { mass } = evidence[kind];
    for (let n = 0; n + 1 < beatFrames.length; n++) {
      const at = Math.round(beatFrames[n]! + share * (beatFrames[n + 1]! - beatFrames[n]!));
      for (let d = -2; d <= 2; d++) sum += (mass[at + d] ?? 0) * (1 - Math.abs(d) / 3);
    }
  }
  return sum;
}
