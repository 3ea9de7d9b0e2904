import { analyseSong } from '../analysis/analyse-song.ts';
import { loadFft } from '../dsp/fft.ts';
import { createPeakMeter } from '../dsp/peaks.ts';
import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import { drawAnalysis } from './draw-analysis.ts';
import { blocksOf, openWav } from './open-wav.ts';
import type { OnProgress } from './open-wav.ts';

export interface FileAnalysis {
  readonly wavPath: string;
  readonly facts: SongFacts;
}

export interface AnalysedFile {
  readonly analysis: SongAnalysis;
  /** A PNG file. */
  readonly picture: Uint8Array;
}

/** For the picture: more columns than it is wide, as it is drawn in several rows. */
const PEAK_COLUMNS = 9600;

/** Reads a whole song, analyses and draws it. Blocks its thread for as long as that takes. */
export async function analyseFile({ wavPath, facts }: FileAnalysis, onProgress: OnProgress): Promise<AnalysedFile> {
  await loadFft();
  const { left, right, sampleRateHz } = await readSides(wavPath);
  const meter = createPeakMeter({ samples: left.length, channels: right === null ? 1 : 2, columns: PEAK_COLUMNS });
  meter.push(right === null ? [left] : [left, right]);
  const analysis = analyseSong({ left, right, sampleRateHz }, { facts, onProgress });
  return { analysis, picture: drawAnalysis(analysis, meter.columns()) };
}

interface Sides {
  readonly left: Float32Array;
  /** Null for one channel. */
  readonly right: Float32Array | null;
  readonly sampleRateHz: number;
}

/** The first two channels: in every usual order these are left and right, and what is sung and played loudest is in both. */
async function readSides(wavPath: string): Promise<Sides> {
  await using wav = await openWav(wavPath);
  const { samples, channels, rateHz } = wav.header;
  const left = new Float32Array(samples);
  const right = channels === 1 ? null : new Float32Array(samples);
  const [first = left, second] = wav.block;
  for await (const { start, count } of blocksOf(samples, () => {})) {
    await wav.read(start, count);
    left.set(first.subarray(0, count), start);
    if (right !== null && second !== undefined) right.set(second.subarray(0, count), start);
  }
  return { left, right, sampleRateHz: rateHz };
}
