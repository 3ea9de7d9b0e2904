/** The mix at another speed or pitch. What is heard lies behind what is read by the stretcher's latency, which positions take into account. */
import type { MixReader } from './mix-reader.ts';
import type { StretchKernel } from './stretch-kernel.ts';

export interface StretchedMix {
  /** Of the recording, of what comes out next. */
  readonly heard: number;
  readonly isPrimed: boolean;
  /** From `position` on; primed by the calls of {@link prime} that follow. */
  begin(position: number): void;
  /** A part of the work that lies before the first sample; call it until `isPrimed`. Waits while samples are not there. */
  prime(levels: Float32Array): void;
  /** How many samples of the recording the next `count` need. */
  needs(count: number): number;
  read(left: Float32Array, right: Float32Array, count: number, levels: Float32Array): void;
  set(rate: number, semitones: number): void;
}

/** Of output; a part of an audio block's time each. */
const PRIME_SAMPLES = 512;

export function createStretchedMix(kernel: StretchKernel, reader: MixReader): StretchedMix {
  const { inputLatency, outputLatency, most } = kernel;
  const scratch = [new Float32Array(most), new Float32Array(most)] as const;
  let rate = 1;
  /** What is left of a sample between input and output. */
  let carried = 0;
  let start: number | null = 0;
  let toDiscard = 0;

  function feed(count: number, levels: Float32Array): void {
    reader.read(scratch[0], scratch[1], count, levels);
    for (const channel of [0, 1] as const) kernel.input(channel).set(scratch[channel].subarray(0, count));
  }

  function advance(outputSamples: number, levels: Float32Array): void {
    const exact = outputSamples * rate + carried;
    const count = Math.floor(exact);
    carried = exact - count;
    feed(count, levels);
    kernel.process(count, outputSamples);
  }

  return {
    get heard() {
      if (start !== null || toDiscard > 0) return start ?? reader.position - inputLatency;
      const behind = inputLatency + rate * outputLatency;
      const { loop, position, sinceWrap } = reader;
      if (loop === null || sinceWrap >= behind) return Math.max(0, position - behind);
      const length = loop.to - loop.from;
      return loop.to - ((behind - sinceWrap) % length);
    },
    get isPrimed() {
      return start === null && toDiscard <= 0;
    },
    begin(position) {
      start = Math.round(position);
      reader.seek(start, false);
    },
    prime(levels) {
      if (start !== null) {
        if (!reader.canRead(Math.ceil(inputLatency + rate * outputLatency))) return;
        const [left, right] = scratch;
        const earlier = [new Float32Array(outputLatency), new Float32Array(outputLatency)] as const;
        reader.peek(start - outputLatency, outputLatency, earlier[0], earlier[1]);
        reader.read(left, right, inputLatency, levels);
        for (const channel of [0, 1] as const) {
          const input = kernel.input(channel);
          input.set(earlier[channel]);
          input.set(scratch[channel].subarray(0, inputLatency), outputLatency);
        }
        kernel.prime(most, rate);
        carried = 0;
        start = null;
        toDiscard = outputLatency;
        return;
      }
      const count = Math.min(PRIME_SAMPLES, toDiscard);
      advance(count, levels);
      toDiscard -= count;
    },
    needs: (count) => Math.ceil(count * rate) + 1,
    read(left, right, count, levels) {
      advance(count, levels);
      left.set(kernel.output(0).subarray(0, count));
      right.set(kernel.output(1).subarray(0, count));
    },
    set(nextRate, semitones) {
      rate = nextRate;
      kernel.transpose(semitones);
    },
  };
}
