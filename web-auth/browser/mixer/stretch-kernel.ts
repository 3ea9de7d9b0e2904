/**
 * The stretcher of signalsmith-stretch, which lives in this thread as an audio processor of its own. Its node offers live input at speed
 * 1, or a buffer that it owns; a mixer has live input at another speed. So its processor is noted down as it is made and rests, and
 * what is under it is asked directly: so many samples in, so many out.
 */

/** What the package's processor holds, as of its version 1.3. */
interface StretchProcessor {
  readonly wasmReady: boolean;
  readonly wasmModule: {
    readonly HEAP8: { readonly buffer: ArrayBuffer };
    readonly exports?: { readonly memory: { readonly buffer: ArrayBuffer } };
    _inputLatency(): number;
    _outputLatency(): number;
    _reset(): void;
    _seek(inputSamples: number, rate: number): void;
    _process(inputSamples: number, outputSamples: number): void;
    _setTransposeSemitones(semitones: number, tonalityLimit: number): void;
  };
  /** Addresses by channel. */
  readonly buffersIn: readonly number[];
  readonly buffersOut: readonly number[];
  /** Of each buffer, in samples. */
  readonly bufferLength: number;
}

export interface StretchKernel {
  /** Samples of input that lie ahead of what is heard, at any speed. */
  readonly inputLatency: number;
  /** Samples of output that lie between what goes in and what comes out. */
  readonly outputLatency: number;
  /** The most samples that one call takes or gives. */
  readonly most: number;
  /** Where to write a channel's input before {@link process} or {@link prime}. */
  input(channel: number): Float32Array;
  output(channel: number): Float32Array;
  /** Forgets what was, and takes `count` samples of input as what came before. */
  prime(count: number, rate: number): void;
  process(inputSamples: number, outputSamples: number): void;
  transpose(semitones: number): void;
}

type Constructor = new (options: unknown) => AudioWorkletProcessor & { process: () => boolean };

/** Above this, partials are moved rather than multiplied: voices and cymbals keep their air. The package's own default. */
const TONALITY_LIMIT_HZ = 8000;

let noted: StretchProcessor | null = null;

/** Before the package registers its processor. */
export function noteStretchProcessor(): void {
  const register = globalThis.registerProcessor;
  globalThis.registerProcessor = (name, processor) => {
    if (name !== 'signalsmith-stretch') {
      register(name, processor);
      return;
    }
    register(
      name,
      class extends (processor as Constructor) {
        constructor(options: unknown) {
          super(options);
          noted = this as unknown as StretchProcessor;
          this.process = () => true;
        }
      },
    );
  };
}

/** Null until the package was asked for and is ready. */
export function findStretchKernel(): StretchKernel | null {
  if (noted === null || !noted.wasmReady) return null;
  const { wasmModule: wasm, buffersIn, buffersOut, bufferLength } = noted;
  const view = (address: number | undefined): Float32Array => {
    // Its memory may move when it grows.
    const { buffer } = wasm.exports === undefined ? wasm.HEAP8 : wasm.exports.memory;
    return new Float32Array(buffer, address, bufferLength);
  };
  return {
    inputLatency: wasm._inputLatency(),
    outputLatency: wasm._outputLatency(),
    most: bufferLength,
    input: (channel) => view(buffersIn[channel]),
    output: (channel) => view(buffersOut[channel]),
    prime(count, rate) {
      wasm._reset();
      wasm._seek(count, rate);
    },
    process: (inputSamples, outputSamples) => wasm._process(inputSamples, outputSamples),
    transpose: (semitones) => wasm._setTransposeSemitones(semitones, TONALITY_LIMIT_HZ / sampleRate),
  };
}
