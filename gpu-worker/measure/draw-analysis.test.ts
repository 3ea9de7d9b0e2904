import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import { createPeakMeter } from '../dsp/peaks.ts';
import type { PeakColumns } from '../dsp/peaks.ts';
import { drawAnalysis } from './draw-analysis.ts';

const RATE_HZ = 1000;
const INSIDE = 16;
const WIDTH = 1200 - 2 * INSIDE;

function peaksOf(seconds: number, value = 0.5): PeakColumns {
  const samples = Math.round(seconds * RATE_HZ);
  const meter = createPeakMeter({ samples, channels: 1, columns: 9600 });
  meter.push([Float32Array.from({ length: samples }, (_, n) => (n % 2 === 0 ? value : -value))]);
  return meter.columns();
}

function analysisOf(seconds: number, changes: Partial<SongAnalysis> = {}): SongAnalysis {
  return {
    durationSeconds: seconds,
    rhythm: null,
    key: null,
    chords: [{ startSeconds: 0, endSeconds: seconds, label: 'N', confidence: 1 }],
    sections: [],
    tuningCents: null,
    loudnessLufs: null,
    peakDbtp: null,
    loudnessRangeLu: null,
    genre: null,
    mood: null,
    ...changes,
  };
}

/** Red, green and blue of a pixel. */
function pixel({ data, width }: PNG, x: number, y: number): readonly number[] {
  const at = 4 * (y * width + x);
  return [...data.subarray(at, at + 3)];
}

test('a longer song has more rows, eight at most', () => {
  const heights = [1, 20, 40, 180, 1800].map((seconds) => {
    return PNG.sync.read(Buffer.from(drawAnalysis(analysisOf(seconds), peaksOf(seconds)))).height;
  });
  const [one = 0, still = 0, two = 0, most = 0, hour = 0] = heights;
  assert.equal(one, still);
  assert.ok(two > one && most > two);
  assert.equal(hour, most);
});

test('chords and sections stand where they sound, and bars where they begin', () => {
  const seconds = 20;
  const png = PNG.sync.read(
    Buffer.from(
      drawAnalysis(
        analysisOf(seconds, {
          chords: [
            { startSeconds: 0, endSeconds: 10, label: 'C:maj', confidence: 1 },
            { startSeconds: 10, endSeconds: 20, label: 'N', confidence: 1 },
          ],
          sections: [
            { startSeconds: 0, endSeconds: 5, letter: 'A', name: null },
            { startSeconds: 5, endSeconds: 20, letter: 'B', name: 'verse' },
          ],
          rhythm: {
            tempoBpm: 120,
            confidence: 1,
            tempoCurve: [],
            beatsSeconds: [2, 2.5],
            downbeatsSeconds: [2],
            timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 1 },
            swing: null,
          },
        }),
        peaksOf(seconds, 1e-4),
      ),
    ),
  );
  const at = (share: number): number => Math.round(INSIDE + share * WIDTH);
  const chordRow = 16 + 18 + 60 + 18;
  assert.notDeepEqual(pixel(png, at(0.4), chordRow), pixel(png, at(0.6), chordRow));
  const sectionRow = 16 + 13;
  assert.notDeepEqual(pixel(png, at(0.2), sectionRow), pixel(png, at(0.4), sectionRow));
  const besideWave = 16 + 18 + 1;
  const bright = [...Array(1200).keys()].filter((x) => (pixel(png, x, besideWave)[0] ?? 0) > 120);
  assert.deepEqual(bright, [at(2 / seconds)]);
});

test('a song of no length is a picture too', () => {
  assert.ok(PNG.sync.read(Buffer.from(drawAnalysis(analysisOf(0), peaksOf(0)))).height > 0);
});
