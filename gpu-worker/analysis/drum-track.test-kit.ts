// Drums at known times, for tests of rhythm.

export interface DrumTrack {
  readonly samples: Float32Array;
  readonly beatsSeconds: readonly number[];
  readonly downbeatsSeconds: readonly number[];
}

export interface DrumTrackOptions {
  readonly rateHz: number;
  readonly seconds: number;
  readonly beatsPerBar: number;
  /** Tempo at a time. */
  readonly bpmAt: (seconds: number) => number;
  readonly firstBeatSeconds?: number;
  /** In beats from the downbeat, within a bar. */
  readonly kick?: readonly number[];
  readonly snare?: readonly number[];
  readonly hat?: readonly number[];
}

/** Whole bars; a stroke of each drum at each of its places. */
export function drumTrack(options: DrumTrackOptions): DrumTrack {
  const { rateHz, seconds, beatsPerBar, bpmAt, firstBeatSeconds = 0.5 } = options;
  const beats: number[] = [];
  for (let at = firstBeatSeconds; at < seconds; at += 60 / bpmAt(at)) beats.push(at);
  const bars = Math.floor((beats.length - 1) / beatsPerBar);
  const samples = new Float32Array(seconds * rateHz);
  const noise = seededNoise(1);
  const strokes = [
    [options.kick ?? [], (t: number) => Math.sin(2 * Math.PI * 60 * t) * Math.exp(-t * 18)],
    [options.snare ?? [], (t: number) => (0.6 * noise() + 0.4 * Math.sin(2 * Math.PI * 190 * t)) * Math.exp(-t * 25)],
    [options.hat ?? [], (t: number) => 0.25 * noise() * Math.exp(-t * 90)],
  ] as const;
  for (let bar = 0; bar < bars; bar++) {
    for (const [places, sound] of strokes) {
      for (const place of places) {
        const beat = bar * beatsPerBar + Math.floor(place);
        const at = beats[beat]! + (place % 1) * (beats[beat + 1]! - beats[beat]!);
        const start = Math.round(at * rateHz);
        for (let n = 0; n < 0.2 * rateHz && start + n < samples.length; n++) samples[start + n]! += sound(n / rateHz);
      }
    }
  }
  const beatsSeconds = beats.slice(0, bars * beatsPerBar);
  return { samples, beatsSeconds, downbeatsSeconds: beatsSeconds.filter((_, n) => n % beatsPerBar === 0) };
}

/** -1 to 1, the same each time (mulberry32). */
export function seededNoise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
