/** Between a file's interleaved samples and one array per channel. */

/** Takes `count` frames of `interleaved` apart into the first `count` samples of each channel. */
export function deinterleave(interleaved: Float32Array, count: number, channels: readonly Float32Array[]): void {
  const [left, right] = channels;
  if (left !== undefined && right !== undefined && channels.length === 2) {
    for (let frame = 0; frame < count; frame++) {
      left[frame] = interleaved[2 * frame] as number;
      right[frame] = interleaved[2 * frame + 1] as number;
    }
    return;
  }
  const stride = channels.length;
  channels.forEach((channel, index) => {
    for (let frame = 0, at = index; frame < count; frame++, at += stride) channel[frame] = interleaved[at] as number;
  });
}

/** Puts the first `count` samples of each channel together as frames. */
export function interleave(channels: readonly Float32Array[], count: number, interleaved: Float32Array): void {
  const [left, right] = channels;
  if (left !== undefined && right !== undefined && channels.length === 2) {
    for (let frame = 0; frame < count; frame++) {
      interleaved[2 * frame] = left[frame] as number;
      interleaved[2 * frame + 1] = right[frame] as number;
    }
    return;
  }
  const stride = channels.length;
  channels.forEach((channel, index) => {
    for (let frame = 0, at = index; frame < count; frame++, at += stride) interleaved[at] = channel[frame] as number;
  });
}
