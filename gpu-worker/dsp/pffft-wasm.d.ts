/** The package ships no types. Only what `fft.ts` uses; pointers are byte offsets into the module's memory. */
declare module '@echogarden/pffft-wasm/simd' {
  interface PffftModule {
    /** Replaced by a new view when the memory grows. */
    readonly HEAPF32: Float32Array;
    /** `kind` 0 is real. Returns 0 when there is no memory. */
    _pffft_new_setup(size: number, kind: 0 | 1): number;
    _pffft_aligned_malloc(bytes: number): number;
    /** `direction` 0 is forward, 1 is backward, unscaled. A real spectrum has its Nyquist value in the imaginary part of bin 0. */
    _pffft_transform_ordered(setup: number, input: number, output: number, work: number, direction: 0 | 1): void;
  }
  const createPffft: () => Promise<PffftModule>;
  // oxlint-disable-next-line import/no-default-export -- the package's own form
  export default createPffft;
}
