import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CHROMA_FRAMES_PER_SECOND, chromaFlux, peakChroma } from './chroma-flux.ts';
import { loadFft } from './fft.ts';

const RATE_HZ = 22_050;

before(loadFft);

function chords(...spans: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from({ length: 2 * spans.length * RATE_HZ }, (_, n) => {
    const t = n / RATE_HZ;
    const pitches = spans[Math.floor(t / 2)]!;
    return pitches.reduce((sum, midi) => sum + 0.1 * Math.sin(2 * Math.PI * 440 * 2 ** ((midi - 69) / 12) * t), 0);
  });
}

void test('peaks where C major turns to F sharp major, and is nothing within a chord', () => {
  const flux = chromaFlux(peakChroma(chords([48, 60, 64, 67], [54, 61, 66, 70]), RATE_HZ));
  const peak = flux.indexOf(Math.max(...flux));
  assert.ok(Math.abs(peak / CHROMA_FRAMES_PER_SECOND - 2) <= 0.1);
  assert.ok(flux[peak]! > 1.2, String(flux[peak]));
  const inside = flux.slice(0.3 * CHROMA_FRAMES_PER_SECOND, 0.4 * CHROMA_FRAMES_PER_SECOND);
  assert.ok(Math.max(...inside) < 0.01 * flux[peak]!);
});

void test('an octave is no change of harmony, and silence has none', () => {
  const octave = chromaFlux(peakChroma(chords([72, 76, 79], [84, 88, 91]), RATE_HZ));
  const other = chromaFlux(peakChroma(chords([72, 76, 79], [74, 77, 81]), RATE_HZ));
  assert.ok(
    Math.max(...octave) < 0.25 * Math.max(...other),
    `${String(Math.max(...octave))} ${String(Math.max(...other))}`,
  );
  assert.ok(chromaFlux(peakChroma(new Float32Array(RATE_HZ), RATE_HZ)).every((x) => x === 0));
});
