/**
 * Makes interleaved frames of an odd number of channels even by doubling the last: mono becomes stereo. Frames may be cut anywhere
 * between two calls, and the result is lent until the next. Even numbers pass through.
 */
export function padChannels(channels: number): (samples: Float32Array) => Float32Array {
  if (channels % 2 === 0) return (samples) => samples;
  let padded = new Float32Array(0);
  let channel = 0;
  return (samples) => {
    const most = samples.length + Math.ceil(samples.length / channels) + 1;
    if (padded.length < most) padded = new Float32Array(most);
    let length = 0;
    for (const sample of samples) {
      padded[length] = sample;
      length += 1;
      channel += 1;
      if (channel === channels) {
        padded[length] = sample;
        length += 1;
        channel = 0;
      }
    }
    return padded.subarray(0, length);
  };
}
