/**
 * How Basic Pitch's network sees a song: overlapping windows of samples in, frames of probabilities out.
 * Sizes and the time of a frame as published with the network (spotify/basic-pitch: constants.py, inference.py, note_creation.py).
 */

/** Of the mono signal that the network hears. */
export const NOTE_RATE_HZ = 22_050;
/** Semitones from {@link LOWEST_PITCH_MIDI} up. */
export const PITCHES = 88;
export const LOWEST_PITCH_MIDI = 21;
export const BINS_PER_SEMITONE = 3;
export const CONTOUR_BINS = BINS_PER_SEMITONE * PITCHES;

export const WINDOW_SAMPLES = 43_844;
/** Frames that the network gives for a window. */
export const WINDOW_FRAMES = 172;
const FRAME_HOP_SAMPLES = 256;
/** Of a window's frames so many are dropped at each end, where it knows too little of what is around them. */
export const EDGE_FRAMES = 15;
export const KEPT_FRAMES = WINDOW_FRAMES - 2 * EDGE_FRAMES;
export const WINDOW_HOP_SAMPLES = WINDOW_SAMPLES - 2 * EDGE_FRAMES * FRAME_HOP_SAMPLES;
/** Silence before the song, so that its first frame is a kept one. */
const LEAD_SAMPLES = EDGE_FRAMES * FRAME_HOP_SAMPLES;

/** Frames of a whole song. (Release 0.4.0 itself cuts off the last 0.7 %; what followed it does not.) */
export function frameCount(samples: number): number {
  return Math.trunc((samples / WINDOW_HOP_SAMPLES) * KEPT_FRAMES);
}

/** Windows whose kept frames, one window's after the other's, are the song's. */
export function windowCount(samples: number): number {
  return Math.ceil(frameCount(samples) / KEPT_FRAMES);
}

/** Of a window's first sample in the song; negative for the first window. */
export function windowStart(window: number): number {
  return window * WINDOW_HOP_SAMPLES - LEAD_SAMPLES;
}

/** What a window falls short of the 256 samples that are counted for each of its frames, and a correction found by ear. */
const WINDOW_SHIFT_SECONDS =
  (FRAME_HOP_SAMPLES / NOTE_RATE_HZ) * (WINDOW_FRAMES - WINDOW_SAMPLES / FRAME_HOP_SAMPLES) + 0.0018;

export function frameSeconds(frame: number): number {
  return (frame * FRAME_HOP_SAMPLES) / NOTE_RATE_HZ - WINDOW_SHIFT_SECONDS * Math.floor(frame / WINDOW_FRAMES);
}
