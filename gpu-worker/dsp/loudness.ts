/** Programme loudness after ITU-R BS.1770-4 and EBU R 128, as a stream. */
import {
  accumulateKEnergy,
  accumulateKEnergyOfPair,
  createKState,
  kWeighting,
  takeKEnergy,
} from './loudness-filter.ts';
import {
  gatedLoudness,
  loudnessRange,
  maxMomentary,
  maxShortTerm,
  MOMENTARY_SLICES,
  SHORT_TERM_SLICES,
  SLICES_PER_SECOND,
} from './loudness-gate.ts';

export interface LoudnessMeter {
  /**
   * Takes the first `count` samples (default: all) of each channel. However a signal is cut into blocks, the readings are the
   * same to the last bit. Thrown RangeError where the number of channels is not the meter's.
   */
  push(channels: readonly Float32Array[], count?: number): void;
  /** Integrated loudness so far in LUFS; null where no 400 ms pass the gates. */
  integratedLufs(): number | null;
  /** Loudness of the last 400 ms, ungated, renewed every 10 ms; null before 400 ms and for digital silence. */
  momentaryLufs(): number | null;
  /** Loudness of the last 3 s, ungated, renewed every 10 ms; null before 3 s and for digital silence. */
  shortTermLufs(): number | null;
  /** Largest loudness of any 400 ms, ungated; null before 400 ms and for digital silence. */
  maxMomentaryLufs(): number | null;
  /** Largest loudness of any 3 s, ungated; null before 3 s and for digital silence. */
  maxShortTermLufs(): number | null;
  /** Loudness range in LU (EBU Tech 3342); null where no 3 s pass the gates. */
  rangeLu(): number | null;
}

/**
 * BS.1770-4 channel weights in the order of WAV channels. Speakers at the side (60 to 120 degrees) count 1.41, the LFE
 * nothing, all others 1 (Table 4 of the standard's annex for advanced systems).
 */
export function channelWeights(channels: number): number[] {
  switch (channels) {
    case 5:
      return [1, 1, 1, 1.41, 1.41];
    case 6:
      return [1, 1, 1, 0, 1.41, 1.41];
    case 7:
      return [1, 1, 1, 0, 1, 1.41, 1.41];
    case 8:
      return [1, 1, 1, 0, 1, 1, 1.41, 1.41];
    default:
      return Array.from({ length: channels }, () => 1);
  }
}

/** `rateHz`: 8000 and above. `weights`: {@link channelWeights} where omitted. */
export function createLoudnessMeter(format: {
  readonly rateHz: number;
  readonly channels: number;
  readonly weights?: readonly number[];
}): LoudnessMeter {
  const { rateHz, channels: channelCount } = format;
  const weights = format.weights ?? channelWeights(channelCount);
  const weighting = kWeighting(rateHz);
  const states = weights.map(() => createKState());
  const powers: number[] = [];
  let samples = 0;
  let sliceStart = 0;
  let sliceEnd = boundary(1);

  function boundary(slice: number): number {
    return Math.round((slice * rateHz) / SLICES_PER_SECOND);
  }

  function filter(channels: readonly Float32Array[], start: number, end: number): void {
    for (let channel = 0; channel < channelCount; channel += 2) {
      const [one, two] = [channels[channel], channels[channel + 1]];
      const [stateOne, stateTwo] = [states[channel], states[channel + 1]];
      if (one === undefined || stateOne === undefined) break;
      if (two === undefined || stateTwo === undefined) accumulateKEnergy(weighting, stateOne, one, start, end);
      else accumulateKEnergyOfPair(weighting, [stateOne, stateTwo], [one, two], start, end);
    }
  }

  function endSlice(): void {
    const energy = states.reduce((sum, state, channel) => sum + takeKEnergy(state) * (weights[channel] as number), 0);
    powers.push(energy / (sliceEnd - sliceStart));
    sliceStart = sliceEnd;
    sliceEnd = boundary(powers.length + 1);
  }

  return {
    push(channels, count = channels[0]?.length ?? 0) {
      if (channels.length !== channelCount) {
        throw new RangeError(`${String(channels.length)} channels, ${String(channelCount)} wanted`);
      }
      for (let start = 0; start < count;) {
        const end = Math.min(count, start + sliceEnd - samples);
        filter(channels, start, end);
        samples += end - start;
        start = end;
        if (samples === sliceEnd) endSlice();
      }
    },
    integratedLufs: () => gatedLoudness(powers),
    momentaryLufs: () => maxMomentary(powers.slice(-MOMENTARY_SLICES)),
    shortTermLufs: () => maxShortTerm(powers.slice(-SHORT_TERM_SLICES)),
    maxMomentaryLufs: () => maxMomentary(powers),
    maxShortTermLufs: () => maxShortTerm(powers),
    rangeLu: () => loudnessRange(powers),
  };
}
