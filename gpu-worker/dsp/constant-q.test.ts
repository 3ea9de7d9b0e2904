import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createConstantQ } from './constant-q.ts';
import type { ConstantQOptions } from './constant-q.ts';
import { loadFft } from './fft.ts';

const OPTIONS: ConstantQOptions = {
  rateHz: 22_050,
  lowestHz: 55,
  octaves: 5,
  binsPerOctave: 24,
  hopSamples: 1024,
};
const FRAMES = 8;

before(loadFft);

/** Magnitudes of frames in the middle of a long signal. */
function analysed(signal: (n: number) => number, options = OPTIONS): Float32Array {
  const transform = createConstantQ(options);
  const length = 2 * transform.marginSamples + (FRAMES - 1) * options.hopSamples;
  const magnitudes = new Float32Array(FRAMES * transform.bins);
  transform.analyse(
    Float32Array.from({ length }, (_, n) => signal(n)),
    FRAMES,
    magnitudes,
  );
  return magnitudes;
}

for (const bin of [0, 7, 23, 24, 60, 96, 119]) {
  void test(`a tone of bin ${String(bin)} is loudest there, as loud as its window is long, in every frame`, () => {
    const { rateHz, lowestHz, binsPerOctave, octaves } = OPTIONS;
    const hz = lowestHz * 2 ** (bin / binsPerOctave);
    const magnitudes = analysed((n) => 0.5 * Math.cos((2 * Math.PI * hz * n) / rateHz));
    const ratio = 2 ** (2 / binsPerOctave);
    const wanted = 0.25 * Math.sqrt(((ratio + 1) / (ratio - 1)) * (rateHz / hz));
    const bins = octaves * binsPerOctave;
    for (let frame = 0; frame < FRAMES; frame++) {
      const row = magnitudes.subarray(frame * bins, (frame + 1) * bins);
      assert.equal(row.indexOf(Math.max(...row)), bin);
      assert.ok(Math.abs(row[bin]! / wanted - 1) < 0.01, `${String(row[bin])}, not ${String(wanted)}`);
      row.forEach((magnitude, other) => {
        if (Math.abs(other - bin) > 3)
          assert.ok(magnitude < wanted / 100, `${String(magnitude)} in bin ${String(other)}`);
      });
    }
  });
}

void test('frames are centred on multiples of the hop', () => {
  const { marginSamples } = createConstantQ(OPTIONS);
  const click = marginSamples + 3 * OPTIONS.hopSamples;
  const magnitudes = analysed((n) => (n === click ? 1 : 0));
  // The highest bins see less than a hop to either side.
  for (const bin of [100, 110, 119]) {
    const column = Array.from({ length: FRAMES }, (_, frame) => magnitudes[frame * 120 + bin]!);
    assert.equal(column.indexOf(Math.max(...column)), 3);
    column.forEach((magnitude, frame) => {
      if (frame !== 3) assert.ok(magnitude < column[3]! / 100, `frame ${String(frame)}`);
    });
  }
});

void test('silence is silent, and what lies above the highest bin is not heard', () => {
  assert.ok(analysed(() => 0).every((magnitude) => magnitude === 0));
  const whistle = analysed((n) => Math.cos((2 * Math.PI * 7000 * n) / OPTIONS.rateHz));
  assert.ok(Math.max(...whistle) < 1e-2);
});

void test('a hop that cannot be halved, too high a top and too few samples are refused', () => {
  assert.throws(() => createConstantQ({ ...OPTIONS, hopSamples: 1000 }), RangeError);
  assert.throws(() => createConstantQ({ ...OPTIONS, octaves: 8 }), RangeError);
  const transform = createConstantQ(OPTIONS);
  const short = new Float32Array(2 * transform.marginSamples);
  assert.throws(() => {
    transform.analyse(short, FRAMES, new Float32Array(FRAMES * transform.bins));
  }, RangeError);
});
