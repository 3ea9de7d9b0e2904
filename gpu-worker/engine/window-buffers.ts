/** Arrays that a thread uses again and again: garbage of this size would pile up faster than it is collected. */

export interface WindowBuffers {
  /** Zeros. Valid until the next call. */
  counts(length: number): Int32Array<ArrayBuffer>;
  /** Whatever was in it. Valid until the next call. */
  block(length: number): Float32Array<ArrayBuffer>;
  /** One zeroed array per channel. Valid until the next call. */
  mix(channels: number, length: number): readonly Float32Array[];
}

export function createWindowBuffers(): WindowBuffers {
  let counts = new Int32Array(0);
  let block = new Float32Array(0);
  let mix: Float32Array[] = [];
  return {
    counts(length) {
      if (counts.length < length) counts = new Int32Array(length);
      return counts.subarray(0, length).fill(0);
    },
    block(length) {
      if (block.length < length) block = new Float32Array(length);
      return block.subarray(0, length);
    },
    mix(channels, length) {
      if (mix.length < channels || (mix[0]?.length ?? 0) < length) {
        mix = Array.from({ length: channels }, () => new Float32Array(length));
      }
      return mix.slice(0, channels).map((channel) => channel.subarray(0, length).fill(0));
    },
  };
}
