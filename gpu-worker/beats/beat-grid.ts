/**
 * How Beat This sees a song: overlapping chunks of spectrogram frames in, a logit of beat and downbeat for each frame out.
 * Sizes as published with the network (CPJKU/beat_this: preprocessing.py, inference.py).
 */

/** Of the mono signal that the network hears. */
export const BEAT_RATE_HZ = 22_050;
export const HOP_SAMPLES = 441;
export const BEAT_FRAMES_PER_SECOND = BEAT_RATE_HZ / HOP_SAMPLES;
/** Of the transform; frame f is centred on sample f · hop. */
export const FRAME_SAMPLES = 1024;
export const MEL_BANDS = 128;

/** The network was trained on so many frames. */
export const CHUNK_FRAMES = 1500;
/** At each end of a chunk the network was not taught; what it says there is dropped. */
export const BORDER_FRAMES = 6;
const NEW_FRAMES = CHUNK_FRAMES - 2 * BORDER_FRAMES;

/** Half a frame is mirrored at either end of the song, which takes more samples than that. */
const FEWEST_SAMPLES = FRAME_SAMPLES / 2 + 1;

/** Frames of a whole song; a song of less than half a frame has none. */
export function frameCount(samples: number): number {
  return samples < FEWEST_SAMPLES ? 0 : 1 + Math.floor(samples / HOP_SAMPLES);
}

/** Which frames go through the network together, and what is kept of its answer. */
export interface BeatChunk {
  /** Before the song's first frame and behind its last there is silence: frames of zeros. */
  readonly start: number;
  readonly end: number;
  /** Frames whose logits this chunk gives; those of all chunks tile the song. Where two know a frame, the earlier one is asked. */
  readonly kept: { readonly start: number; readonly end: number };
}

/** Every chunk of a longer song is whole: the last one begins so early that it ends with the song's last frame and a border. */
export function beatChunks(frames: number): BeatChunk[] {
  const chunks: BeatChunk[] = [];
  for (let done = 0; done < frames;) {
    const isLast = done + NEW_FRAMES >= frames;
    const end = isLast ? frames + BORDER_FRAMES : done + NEW_FRAMES + BORDER_FRAMES;
    const start = frames > NEW_FRAMES ? end - CHUNK_FRAMES : -BORDER_FRAMES;
    const kept = { start: done, end: end - BORDER_FRAMES };
    chunks.push({ start, end, kept });
    done = kept.end;
  }
  return chunks;
}
