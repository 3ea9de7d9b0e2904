import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SongFacts } from '../../workflows/contract/analysis.ts';
import { loadFft } from '../dsp/fft.ts';
import { analyseSong } from './analyse-song.ts';

const RATE_HZ = 22_050;

before(loadFft);

const silence = (seconds: number): Float32Array => new Float32Array(seconds * RATE_HZ);
const tone = (seconds: number): Float32Array =>
  silence(seconds).map((_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / RATE_HZ));
/** Of as long, from there on. */
const toneFrom = (fromSeconds: number, seconds: number): Float32Array =>
  tone(seconds).map((x, n) => (n < fromSeconds * RATE_HZ ? 0 : x));

function rhythmOf(samples: Float32Array, facts: SongFacts): ReturnType<typeof analyseSong>['rhythm'] {
  return analyseSong({ left: samples, right: null, sampleRateHz: RATE_HZ }, { facts }).rhythm;
}

for (const [name, samples] of [
  ['a steady tone', tone(20)],
  ['silence', silence(20)],
] as const) {
  test(`whoever taps a tempo to ${name} is obeyed, from its start, in bars of which nobody is sure`, () => {
    assert.equal(rhythmOf(samples, {}), null);
    const rhythm = rhythmOf(samples, { tempoBpm: 90 });
    assert.equal(rhythm?.tempoBpm, 90);
    assert.equal(rhythm.confidence, 1);
    assert.deepEqual(rhythm.timeSignature, { beatsPerBar: 4, beatUnit: 4, confidence: 0 });
    assert.equal(rhythm.beatsSeconds.length, 30);
    rhythm.beatsSeconds.forEach((at, n) => assert.ok(Math.abs(at - (n * 60) / 90) < 0.03, `${at}`));
    assert.deepEqual(
      rhythm.downbeatsSeconds,
      rhythm.beatsSeconds.filter((_, n) => n % 4 === 0),
    );
    assert.deepEqual(new Set(rhythm.tempoCurve.map((reading) => reading.tempoBpm)), new Set([90]));
  });
}

test('and who says how long its bars are too; where they begin goes once round', () => {
  const samples = tone(20);
  const facts = { tempoBpm: 97, beatsPerBar: 3 };
  const first = rhythmOf(samples, facts)!;
  assert.deepEqual(first.timeSignature, { beatsPerBar: 3, beatUnit: 4, confidence: 1 });
  let rhythm = first;
  for (const beat of [1, 2, 0, 1]) {
    const downbeatSeconds = rhythm.beatsSeconds.find((at) => at > rhythm.downbeatsSeconds[0]!)!;
    rhythm = rhythmOf(samples, { ...facts, downbeatSeconds })!;
    assert.equal(rhythm.beatsSeconds.length, first.beatsSeconds.length);
    assert.equal(rhythm.beatsSeconds.indexOf(rhythm.downbeatsSeconds[0]!), beat);
    assert.ok(Math.abs(rhythm.beatsSeconds[7]! - first.beatsSeconds[7]!) < 1e-6);
  }
});

test('bars begin where the one thing does that begins', () => {
  const rhythm = rhythmOf(toneFrom(7.3, 20), { tempoBpm: 60 });
  assert.equal(rhythm?.tempoBpm, 60);
  assert.ok(Math.abs(rhythm.beatsSeconds[0]! - 0.3) < 0.06, `${rhythm.beatsSeconds[0]}`);
  assert.ok(rhythm.downbeatsSeconds.some((at) => Math.abs(at - 7.3) < 0.06));
});

test('less than two bars have no tempo, whoever says so', () => {
  for (const samples of [tone(5), silence(5), silence(0), Float32Array.of(0.5)]) {
    assert.equal(rhythmOf(samples, { tempoBpm: 80 }), null);
  }
});
