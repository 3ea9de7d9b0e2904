/** The example song's instruments: small, deterministic synthesizers. Every voice adds itself to a stereo track. */

import { seededRandom } from '../emulators/core/seeded-random.ts';

export const RATE_HZ = 44_100;

export interface Track {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

export function createTrack(samples: number): Track {
  return { left: new Float32Array(samples), right: new Float32Array(samples) };
}

export function midiToHz(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}

/** White noise that is the same on every machine. Values -1 to 1. */
export function createNoise(seed: number): () => number {
  const random = seededRandom(seed);
  return () => random() * 2 - 1;
}

/** Adds a mono voice at a place in the stereo field; `pan` -1 (left) to 1, constant power. */
function mix(track: Track, startSeconds: number, voice: Float32Array, gain: number, pan: number): void {
  const start = Math.round(startSeconds * RATE_HZ);
  const angle = ((pan + 1) * Math.PI) / 4;
  const [leftGain, rightGain] = [gain * Math.cos(angle), gain * Math.sin(angle)];
  const end = Math.min(voice.length, track.left.length - start);
  for (let n = 0; n < end; n += 1) {
    const sample = voice[n] ?? 0;
    track.left[start + n] = (track.left[start + n] ?? 0) + leftGain * sample;
    track.right[start + n] = (track.right[start + n] ?? 0) + rightGain * sample;
  }
}

function voiceOf(seconds: number, sampleAt: (t: number, n: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE_HZ) }, (_, n) => sampleAt(n / RATE_HZ, n));
}

export function kick(track: Track, at: number, gain: number): void {
  // A sine that falls from 160 to 48 Hz; the phase is the integral of the frequency.
  const voice = voiceOf(0.35, (t) => {
    const phase = 2 * Math.PI * (48 * t + ((160 - 48) / 28) * (1 - Math.exp(-28 * t)));
    return Math.sin(phase) * Math.exp(-9 * t) + 0.4 * Math.exp(-900 * t);
  });
  mix(track, at, voice, gain, 0);
}

export function snare(track: Track, at: number, gain: number, noise: () => number): void {
  let low = 0;
  const voice = voiceOf(0.28, (t) => {
    const white = noise();
    low += 0.25 * (white - low);
    return 0.75 * (white - low) * Math.exp(-16 * t) + 0.6 * Math.sin(2 * Math.PI * 186 * t) * Math.exp(-26 * t);
  });
  mix(track, at, voice, gain, 0.08);
}

export function hat(track: Track, at: number, gain: number, open: boolean, noise: () => number): void {
  let [previous, twice] = [0, 0];
  const voice = voiceOf(open ? 0.3 : 0.07, (t) => {
    const white = noise();
    const high = white - 2 * previous + twice;
    [previous, twice] = [white, previous];
    return 0.3 * high * Math.exp(-(open ? 12 : 60) * t);
  });
  mix(track, at, voice, gain, -0.35);
}

/** A plucked bass: band-limited saw through a closing one-pole low-pass. */
export function bass(track: Track, at: number, seconds: number, pitch: number, gain: number): void {
  const frequency = midiToHz(pitch);
  const partials = Math.min(24, Math.floor(3000 / frequency));
  let low = 0;
  const voice = voiceOf(seconds, (t) => {
    let saw = 0;
    for (let k = 1; k <= partials; k += 1) {
      saw += Math.sin(2 * Math.PI * frequency * k * t) / k;
    }
    low += (0.02 + 0.2 * Math.exp(-6 * t)) * (saw - low);
    return low * Math.min(1, t * 300) * Math.exp(-1.2 * t) * release(t, seconds, 0.04);
  });
  mix(track, at, voice, gain, 0);
}

/** A plucked string (Karplus and Strong 1983): a noise burst that goes round a delay line and loses its edge. */
export function pluck(
  track: Track,
  at: number,
  seconds: number,
  pitch: number,
  gain: number,
  pan: number,
  noise: () => number,
): void {
  const period = RATE_HZ / midiToHz(pitch);
  const length = Math.floor(period - 0.5);
  const fraction = period - 0.5 - length;
  const line = Float32Array.from({ length: length + 1 }, noise);
  let position = 0;
  let last = 0;
  const voice = voiceOf(seconds, (t) => {
    const next = (position + 1) % line.length;
    const now = (1 - fraction) * (line[position] ?? 0) + fraction * (line[next] ?? 0);
    const damped = 0.4985 * (now + last);
    last = now;
    line[position] = damped;
    position = next;
    return now * release(t, seconds, 0.03);
  });
  mix(track, at, voice, gain, pan);
}

/** Formants of five sung vowels: centre and bandwidth in Hz, gain (Peterson and Barney 1952 gives the centres of a woman's voice). */
const VOWELS = {
  a: [
    [850, 90, 1],
    [1220, 110, 0.6],
    [2810, 170, 0.25],
    [3700, 200, 0.18],
  ],
  e: [
    [610, 70, 1],
    [2330, 120, 0.45],
    [2990, 170, 0.3],
    [3700, 200, 0.15],
  ],
  i: [
    [310, 60, 1],
    [2790, 130, 0.35],
    [3310, 180, 0.3],
    [3900, 220, 0.14],
  ],
  o: [
    [590, 80, 1],
    [920, 90, 0.6],
    [2710, 170, 0.12],
    [3500, 200, 0.1],
  ],
  u: [
    [370, 60, 1],
    [950, 90, 0.35],
    [2670, 170, 0.08],
    [3500, 200, 0.06],
  ],
} as const;
export type Vowel = keyof typeof VOWELS;

/**
 * A voice-like lead: the harmonics of a glottal pulse weighted by a vowel's formants, with vibrato that sets in, a scoop into the
 * note, shimmer, breath, and a consonant's burst of noise at the start.
 */
export function sing(
  track: Track,
  at: number,
  seconds: number,
  pitch: number,
  vowel: Vowel,
  gain: number,
  noise: () => number,
): void {
  const frequency = midiToHz(pitch);
  const partials = Math.floor(9000 / frequency);
  const weights = Array.from(
    { length: partials },
    (_, k) => envelope(VOWELS[vowel], frequency * (k + 1)) / (k + 1) ** 0.9,
  );
  let phase = 0;
  let drift = 0;
  let breath = 0;
  const voice = voiceOf(seconds, (t) => {
    drift += 0.0005 * (noise() - drift);
    const vibratoCents = 45 * Math.min(1, Math.max(0, (t - 0.18) / 0.25)) * Math.sin(2 * Math.PI * 5.6 * t);
    const cents = vibratoCents - 130 * Math.exp(-22 * t) + 600 * drift;
    phase += (2 * Math.PI * frequency * 2 ** (cents / 1200)) / RATE_HZ;
    let sum = 0;
    for (let k = 0; k < partials; k += 1) {
      sum += (weights[k] ?? 0) * Math.sin((k + 1) * phase);
    }
    breath += 0.3 * (noise() - breath);
    const consonant = 0.5 * noise() * Math.exp(-70 * t);
    const level = Math.min(1, t * 22) * release(t, seconds, 0.09) * (1 + 0.06 * Math.sin(2 * Math.PI * 5.6 * t));
    return level * (sum + 0.03 * breath) + consonant * release(t, seconds, 0.09);
  });
  mix(track, at, voice, gain, 0);
}

function envelope(formants: readonly (readonly [number, number, number])[], frequency: number): number {
  return formants.reduce(
    (sum, [centre, bandwidth, gain]) => sum + gain / (1 + ((frequency - centre) / bandwidth) ** 2),
    0.015,
  );
}

function release(t: number, seconds: number, fade: number): number {
  return Math.min(1, Math.max(0, (seconds - t) / fade));
}

/** A small room: four comb filters into two all-passes (Schroeder 1962), added to the dry track. */
export function reverberate(track: Track, amount: number): void {
  for (const [side, spread] of [
    [track.left, 0],
    [track.right, 23],
  ] as const) {
    const wet = new Float32Array(side.length);
    for (const delay of [1557, 1617, 1491, 1422]) {
      comb(side, wet, delay + spread, 0.77);
    }
    allPass(wet, 556 + spread, 0.5);
    allPass(wet, 225 + spread, 0.5);
    for (let n = 0; n < side.length; n += 1) {
      side[n] = (side[n] ?? 0) + amount * 0.25 * (wet[n] ?? 0);
    }
  }
}

function comb(input: Float32Array, output: Float32Array, delay: number, feedback: number): void {
  const line = new Float32Array(input.length);
  for (let n = 0; n < input.length; n += 1) {
    line[n] = (input[n] ?? 0) + (n >= delay ? feedback * (line[n - delay] ?? 0) : 0);
    output[n] = (output[n] ?? 0) + (line[n] ?? 0);
  }
}

function allPass(signal: Float32Array, delay: number, gain: number): void {
  const input = signal.slice();
  for (let n = 0; n < signal.length; n += 1) {
    signal[n] = -gain * (input[n] ?? 0) + (n >= delay ? (input[n - delay] ?? 0) + gain * (signal[n - delay] ?? 0) : 0);
  }
}
