/** The engine in the audio thread: one clock, one position, all stems. */
import { createClick } from './click.ts';
import type { EngineState, PackShape, ToWorklet } from './messages.ts';
import { createMixReader } from './mix-reader.ts';
import { createSegmentStore } from './segment-store.ts';
import { findStretchKernel, noteStretchProcessor } from './stretch-kernel.ts';
import { createStretchedMix } from './stretched-mix.ts';
import type { StretchedMix } from './stretched-mix.ts';

const REPORTS_PER_SECOND = 30;

class MixerProcessor extends AudioWorkletProcessor {
  readonly #store;
  readonly #reader;
  readonly #samples: number;
  readonly #levels: Float32Array;
  readonly #click = createClick(sampleRate);
  #stretched: StretchedMix | null = null;
  #isStretching = false;
  #rate = 1;
  #semitones = 0;
  #isPlaying = false;
  #isStarved = false;
  /** Level of the output, 0 to 1: closed while nothing is played, and around what would be heard as a jump. */
  #gate = 0;
  /** Where to go on once the gate is closed. */
  #jump: number | null = null;
  #nextReportFrame = 0;
  #seeks = 0;

  constructor({ processorOptions: shape }: { readonly processorOptions: PackShape }) {
    super();
    this.#store = createSegmentStore(shape);
    this.#reader = createMixReader(this.#store, shape);
    this.#samples = shape.samples;
    this.#levels = new Float32Array(shape.scales.length + 2);
    this.port.addEventListener('message', ({ data }: MessageEvent<ToWorklet>) => this.#hear(data));
    this.port.start();
  }

  #hear(message: ToWorklet): void {
    switch (message.kind) {
      case 'segment':
        this.#store.put(message.stem, message.index, message.channels);
        return;
      case 'drop':
        this.#store.drop(message.index);
        return;
      case 'gains':
        this.#reader.setGains(message.gains);
        return;
      case 'play':
      case 'pause':
        this.#isPlaying = message.kind === 'play';
        break;
      case 'seek':
        this.#seeks += 1;
        if (this.#isStretching) this.#jump = message.position;
        else this.#reader.seek(message.position, this.#gate > 0);
        break;
      case 'loop':
        this.#reader.loop = message.loop;
        break;
      case 'stretch':
        this.#rate = message.rate;
        this.#semitones = message.semitones;
        break;
      case 'click':
        this.#click.set(message.click);
        return;
      case 'report':
        break;
    }
    this.#nextReportFrame = 0;
  }

  /** What leaves next, in samples of the recording. */
  get #heard(): number {
    if (this.#jump !== null) return this.#jump;
    return this.#isStretching && this.#stretched !== null ? this.#stretched.heard : this.#reader.position;
  }

  process(_inputs: unknown, outputs: Float32Array[][]): boolean {
    const [out = []] = outputs;
    const [left, right = left] = out;
    if (left === undefined || right === undefined) return true;
    const count = left.length;
    const isGoing = this.#prepare(count);
    const gateAfter = isGoing ? 1 : 0;
    if (this.#gate > 0 || gateAfter > 0) this.#play(left, right, gateAfter);
    const [highLeft, highRight] = [highest(left), highest(right)];
    const stems = this.#levels.length - 2;
    this.#levels[stems] = Math.max(this.#levels[stems] as number, highLeft);
    this.#levels[stems + 1] = Math.max(this.#levels[stems + 1] as number, highRight);
    if (this.#isPlaying && this.#heard >= this.#samples) {
      this.#isPlaying = false;
      this.#gate = 0;
      this.#nextReportFrame = 0;
    }
    if (currentFrame >= this.#nextReportFrame) this.#report(count);
    return true;
  }

  /** Jumps where the gate is closed. @returns whether the gate is to be open at the end of this block */
  #prepare(count: number): boolean {
    const isToStretch = this.#rate !== 1 || this.#semitones !== 0;
    if (isToStretch && this.#stretched === null) {
      const kernel = findStretchKernel();
      if (kernel !== null) this.#stretched = createStretchedMix(kernel, this.#reader);
    }
    const stretched = this.#stretched;
    stretched?.set(this.#rate, this.#semitones);
    const isSwitching = (isToStretch && stretched !== null) !== this.#isStretching;
    if (isSwitching || this.#jump !== null) {
      if (this.#gate > 0) return false;
      const position = this.#heard;
      this.#jump = null;
      this.#isStretching = isToStretch && stretched !== null;
      if (this.#isStretching) stretched?.begin(position);
      else this.#reader.seek(position, false);
    }
    if (!this.#isPlaying) return false;
    if (this.#isStretching && stretched !== null && !stretched.isPrimed) {
      stretched.prime(this.#levels);
      return false;
    }
    // One block more than this one, so that what ends can be faded out.
    const needed = this.#isStretching && stretched !== null ? stretched.needs(2 * count) : 2 * count;
    const isThere = this.#reader.canRead(needed);
    if (this.#isStarved === isThere) this.#nextReportFrame = 0;
    this.#isStarved = !isThere;
    return isThere;
  }

  #play(left: Float32Array, right: Float32Array, gateAfter: number): void {
    const count = left.length;
    const from = this.#heard;
    const isStretching = this.#isStretching && this.#stretched !== null;
    if (isStretching) this.#stretched?.read(left, right, count, this.#levels);
    else this.#reader.read(left, right, count, this.#levels);
    const rate = isStretching ? this.#rate : 1;
    this.#click.add([left, right], { from, rate, count, loop: this.#reader.loop });
    if (this.#gate !== 1 || gateAfter !== 1) {
      const slope = (gateAfter - this.#gate) / count;
      for (let step = 0; step < count; step++) {
        const level = this.#gate + slope * (step + 1);
        left[step] = (left[step] as number) * level;
        right[step] = (right[step] as number) * level;
      }
      this.#gate = gateAfter;
    }
  }

  #report(count: number): void {
    this.#nextReportFrame = currentFrame + Math.floor(sampleRate / REPORTS_PER_SECOND);
    const state: EngineState = {
      time: currentTime + count / sampleRate,
      position: Math.min(this.#samples, this.#heard),
      seeks: this.#seeks,
      rate: this.#isStretching ? this.#rate : 1,
      isPlaying: this.#isPlaying,
      isStarved: this.#isPlaying && this.#isStarved,
      isStretched: this.#isStretching,
      peaks: [...this.#levels],
    };
    this.#levels.fill(0);
    this.port.postMessage(state);
  }
}

function highest(channel: Float32Array): number {
  let high = 0;
  for (let index = 0; index < channel.length; index++) high = Math.max(high, Math.abs(channel[index] as number));
  return high;
}

noteStretchProcessor();
registerProcessor('mixer', MixerProcessor);
