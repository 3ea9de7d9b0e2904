/** How musicnn hears a song: windows of 3 s, one behind the other. Sizes as published with the network (jordipons/musicnn: configuration.py, extractor.py). */

/** Of the mono signal that the network hears. */
export const STYLE_RATE_HZ = 16_000;
export const FRAME_SAMPLES = 512;
export const HOP_SAMPLES = 256;
export const MEL_BANDS = 96;
export const WINDOW_FRAMES = 187;

/** Half a frame before the first frame's centre to half a frame behind the last one's. */
export const WINDOW_SAMPLES = (WINDOW_FRAMES - 1) * HOP_SAMPLES + FRAME_SAMPLES;

/** Whole windows of a song; frame f is centred on sample f · hop, and what is left at the end is not heard. */
export function windowCount(samples: number): number {
  return Math.floor((1 + Math.floor(samples / HOP_SAMPLES)) / WINDOW_FRAMES);
}

/** Of a window's first sample; before the song's for the first one. */
export function windowStart(window: number): number {
  return window * WINDOW_FRAMES * HOP_SAMPLES - FRAME_SAMPLES / 2;
}

/** Which of a song's windows are heard: all, or so many evenly spread. */
export function heardWindows(windows: number, most: number): number[] {
  const heard = Math.min(windows, most);
  return Array.from({ length: heard }, (_, index) => Math.floor(((index + 0.5) * windows) / heard));
}
