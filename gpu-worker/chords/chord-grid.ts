/**
 * How crema's chord network sees a song: planes of decibels, frame by frame. Sizes as published with the network (bmcfee/crema 0.2.0, the fields of its
 * `pump.pkl`): a constant-Q transform of 6 octaves from C1 up, 36 bins each, and the same an octave higher.
 */

/** Of the mono signal that the network hears. */
export const CHORD_RATE_HZ = 44_100;
export const FRAME_HOP_SAMPLES = 4096;
/** Frame f is centred on sample f · hop. */
export const FRAMES_PER_SECOND = CHORD_RATE_HZ / FRAME_HOP_SAMPLES;

export const LOWEST_HZ = 32.703_195_662_574_83;
export const BINS_PER_OCTAVE = 36;
/** Of each plane. */
export const PLANE_BINS = 6 * BINS_PER_OCTAVE;
/** How many octaves each plane begins above {@link LOWEST_HZ}: harmonics 1 and 2. */
export const PLANE_OCTAVES = [0, 1] as const;
/** Octaves of both planes together. */
export const OCTAVES = 7;

/** Frames of a whole song. */
export function frameCount(samples: number): number {
  return Math.floor(samples / FRAME_HOP_SAMPLES);
}
