// The middle of the stereo picture and its sides.
import { splitMidSide } from '../dsp/mid-side.ts';
import type { Channels, Separator } from '../models/separator.ts';
import { gridWindows } from './window-grid.ts';

export const MID_SIDE_SLOTS = ['mid', 'side'] as const;

const STEP_SAMPLES = 2 ** 18;

export function createMidSide(): Separator {
  return {
    slots: MID_SIDE_SLOTS,
    rateHz: 44_100,
    parallelism: 'windows',
    windows: (totalSamples) => gridWindows(totalSamples, STEP_SAMPLES, 0),
    weight: () => null,
    open: () =>
      Promise.resolve({
        process: (_span, mix) => Promise.resolve(split(mix)),
        close: () => Promise.resolve(),
      }),
  };
}

/** Thrown `RangeError` for anything but two channels. */
function split(mix: Channels): Channels[] {
  const [left, right] = mix;
  if (left === undefined || right === undefined)
    throw new RangeError(`mid and side need 2 channels, not ${String(mix.length)}`);
  const { mid, side } = splitMidSide(left, right);
  return [mid, side];
}
