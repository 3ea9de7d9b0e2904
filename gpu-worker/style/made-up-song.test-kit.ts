import { STYLE_RATE_HZ } from './style-grid.ts';

const CHORD_HZ = [220, 277.2, 329.6];

/** At 16,000 Hz: a click every half second over a chord and a little noise, as `testdata/make_golden.py` makes it. */
export function madeUpSong(samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => {
    const since = n % (STYLE_RATE_HZ / 2);
    const click = Math.exp(-since / 150) * Math.sin((2 * Math.PI * since * 900) / STYLE_RATE_HZ);
    const tone = CHORD_HZ.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * n) / STYLE_RATE_HZ), 0) * 0.1;
    const noise = (((n * 7919) % 1009) / 1009 - 0.5) * 0.02;
    return 0.5 * click + tone + noise;
  });
}
