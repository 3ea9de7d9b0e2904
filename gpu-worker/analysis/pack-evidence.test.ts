import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadFft } from '../dsp/fft.ts';
import { describeSong, songRhythm } from './analyse-song.ts';
import { hearSong } from './hear-song.ts';
import type { SongEvidence } from './hear-song.ts';
import { levelsOfCodes, toLevelCodes } from './level-codes.ts';
import { packEvidence, unpackEvidence } from './pack-evidence.ts';
import { packValues, unpackValues } from './packed-values.ts';
import { KIT_RATE_HZ, kitNoise, playNotes, strum } from './synthetic-song.test-kit.ts';

before(loadFft);

function heard(samples: Float32Array): SongEvidence {
  return hearSong({ left: samples, right: null, sampleRateHz: KIT_RATE_HZ });
}

function band(): Float32Array {
  const chords = [
    [36, 60, 64, 67],
    [41, 60, 65, 69],
  ];
  const notes = Array.from({ length: 32 }, (_, beat) => strum(beat / 2, 0.5, chords[(beat >> 2) % 2]!)).flat();
  return playNotes(notes, 16);
}

test('what is kept of a song is to the bit what was heard, and tells the same', () => {
  const evidence = heard(band());
  const kept = unpackEvidence(packEvidence(evidence));
  assert.deepEqual(kept, evidence);
  const rhythm = songRhythm(evidence, {}, null);
  assert.notEqual(rhythm, null);
  assert.deepEqual(songRhythm(kept, {}, null), rhythm);
  assert.deepEqual(describeSong(kept, rhythm, {}), describeSong(evidence, rhythm, {}));
});

test('silence, a single sample and no sound at all are kept too', () => {
  for (const samples of [new Float32Array(KIT_RATE_HZ), Float32Array.of(0.5), new Float32Array(0)]) {
    const evidence = heard(samples);
    assert.deepEqual(unpackEvidence(packEvidence(evidence)), evidence);
  }
});

/** Of its columns, in single precision. */
const OUTLINE_BYTES = 3 * 9600 * 4;

test('a song takes few bytes a second', () => {
  const samples = band();
  kitNoise(16, 5).forEach((noise, n) => {
    samples[n]! += noise;
  });
  const bytes = packEvidence(heard(samples)).length;
  assert.ok(bytes < OUTLINE_BYTES + 16 * 15_000, String(bytes));
});

test('damage, a missing end and other files are found out', () => {
  const packed = packEvidence(heard(band().subarray(0, 2 * KIT_RATE_HZ)));
  for (const at of [0, 9, packed.length >> 1, packed.length - 6]) {
    const damaged = packed.slice();
    damaged[at]! ^= 0x10;
    assert.equal(unpackEvidence(damaged), null, `byte ${String(at)}`);
  }
  for (const length of [0, 5, 20, packed.length - 1]) {
    assert.equal(unpackEvidence(packed.subarray(0, length)), null, `${String(length)} bytes`);
  }
  assert.equal(unpackEvidence(Buffer.from('{"onsets":[]}')), null);
});

/** As values are packed: the JSON's length before it, arrays after it. */
function framed(json: string, arrayBytes: number): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(json.length);
  return gzipSync(Buffer.concat([head, Buffer.from(json), Buffer.alloc(arrayBytes)]));
}

test('a whole file of something else is found out too', () => {
  const kept = '{"kept":{"$array":"Float32Array","at":0,"length":2}}';
  assert.deepEqual(unpackValues(framed(kept, 8)), { kept: new Float32Array(2) });
  const others: Record<string, Uint8Array> = {
    nothing: gzipSync(''),
    'three bytes': gzipSync('one'),
    text: gzipSync('a letter to a friend'),
    'a length beyond the end': gzipSync(Uint8Array.of(255, 255, 255, 255, 0)),
    'no JSON': framed('{"kept":', 0),
    'an array beyond the end': framed(kept, 4),
    'an array of another kind': framed(kept.replace('Float32', 'Float64'), 32),
    'an array from nowhere': framed(kept.replace('"at":0', '"at":-4'), 32),
    'an array of no length': framed(kept.replace('"length":2', '"length":null'), 32),
  };
  for (const [name, packed] of Object.entries(others)) assert.equal(unpackValues(packed), null, name);
  for (const name of ['text', 'no JSON']) assert.equal(unpackEvidence(others[name]!), null, name);
});

test('levels are kept to 0.013 % over 140 dB, and to the bit from then on', () => {
  const levels = Float32Array.from({ length: 2000 }, (_, n) => 3.7 * 0.992 ** n);
  const coded = toLevelCodes(levels);
  const kept = levelsOfCodes(coded);
  kept.forEach((level, n) => {
    if (levels[n]! > 3.7 * 10 ** (-140 / 20)) assert.ok(Math.abs(level / levels[n]! - 1) < 1.3e-4, String(n));
  });
  assert.equal(kept[0], levels[0]);
  assert.deepEqual(toLevelCodes(kept), coded);
  assert.deepEqual(levelsOfCodes(toLevelCodes(new Float32Array(3))), new Float32Array(3));
});

test('plain values keep their arrays, whatever lies before them in memory', () => {
  const floats = Float32Array.of(0, 1, -2.5, Number.NaN, Infinity).subarray(1);
  const values = {
    name: 'ä',
    nested: [{ floats, words: Uint16Array.of(1, 2, 3) }],
    whole: Int32Array.of(-7),
    no: null,
  };
  assert.deepEqual(unpackValues(packValues(values)), values);
  assert.throws(() => packValues({ rule: () => 1 }), TypeError);
  assert.throws(() => packValues(new Float64Array(2)), TypeError);
});
