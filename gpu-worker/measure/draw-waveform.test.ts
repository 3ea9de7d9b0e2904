import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { createPeakMeter } from '../dsp/peaks.ts';
import type { PeakColumns } from '../dsp/peaks.ts';
import { drawWaveform } from './draw-waveform.ts';
import { strokeText } from './stroke-font.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH, stemColour } from './waveform-picture.ts';

/** Silence, then a square wave of 0.5, then one of 1. */
function steps(): PeakColumns {
  const signal = Float32Array.from(
    { length: 30_000 },
    (_, index) => (Math.floor(index / 10_000) / 2) * (index % 2 ? -1 : 1),
  );
  const meter = createPeakMeter({ samples: 30_000, channels: 1, columns: PICTURE_WIDTH });
  meter.push([signal]);
  return meter.columns();
}

function draw(peaks: PeakColumns, fullScale = 1, name = 'vocals', durationSeconds = 90): PNG {
  return PNG.sync.read(Buffer.from(drawWaveform(peaks, { name, durationSeconds, fullScale })));
}

/** Rows of one column that are closer to the stem's colour than to the dark ground. */
function colouredRows(picture: PNG, x: number, name = 'vocals'): number {
  const [red] = stemColour(name);
  let rows = 0;
  for (let y = 0; y < picture.height; y++) {
    if ((picture.data[4 * (y * picture.width + x)] ?? 0) > 0.4 * red) rows += 1;
  }
  return rows;
}

test('is a strip of the promised size with transparent corners', () => {
  const picture = draw(steps());
  assert.deepEqual([picture.width, picture.height], [PICTURE_WIDTH, PICTURE_HEIGHT]);
  assert.equal(picture.data[3], 0);
  assert.equal(picture.data[4 * 20 + 3], 255);
});

test('shows silence as a line, and louder passages as taller', () => {
  const picture = draw(steps());
  const [silent, half, full] = [300, 645, 1045].map((x) => colouredRows(picture, x)) as [number, number, number];
  assert.ok(silent <= 2, String(silent));
  assert.ok(half > 55 && half < 70, String(half));
  assert.ok(full > 115 && full < 135, String(full));
});

test('draws all stems of a song to one scale', () => {
  const quiet = draw(steps(), 4);
  assert.ok(colouredRows(quiet, 1045) < 35);
});

test('draws silence, and a recording shorter than the picture is wide', () => {
  for (const samples of [0, 1, 17, 400]) {
    const meter = createPeakMeter({ samples, channels: 1, columns: PICTURE_WIDTH });
    meter.push([new Float32Array(samples).fill(0.5)]);
    const picture = draw(meter.columns(), 1, 'vocals', Math.max(samples, 1) / 44_100);
    assert.equal(colouredRows(picture, 700) > 20, samples > 0);
  }
});

test('writes the name, and every stem that ships has a colour of its own', () => {
  const silence = { lowest: new Float32Array(0), highest: new Float32Array(0), rms: new Float32Array(0) };
  const bytes = ['drums', 'bass'].map((name) => drawWaveform(silence, { name, durationSeconds: 10, fullScale: 1 }));
  assert.notDeepEqual(bytes[0], bytes[1]);
  const colours = ['vocals', 'accompaniment', 'drums', 'bass', 'other', 'residual'].map((name) =>
    String(stemColour(name)),
  );
  assert.equal(new Set(colours).size, colours.length);
  assert.deepEqual(stemColour('kazoo'), stemColour('kazoo'));
});

test('has a shape for every character that a stem name or a time may hold', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789:.-_';
  const shapes = Array.from(letters, (letter) => strokeText(letter, 8).segments);
  for (const [index, segments] of shapes.entries()) {
    assert.ok(segments.length > 0, letters[index]);
    for (const numbers of segments) for (const value of numbers) assert.ok(Math.abs(value) <= 9, letters[index]);
  }
  assert.equal(new Set(shapes.map((segments) => JSON.stringify(segments))).size, letters.length);
  assert.equal(strokeText('ab', 8).width, strokeText('a', 8).width + strokeText('b', 8).width + 2);
});
