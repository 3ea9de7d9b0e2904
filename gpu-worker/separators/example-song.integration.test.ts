/** The example song's true stems are known, so the whole separation can be judged: real model, real engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleMix, exampleStems } from '../../tools/example-song/song.ts';
import type { Track } from '../../tools/example-song/instruments.ts';
import { createLogger } from '../../runtime/log.ts';
import { loadConfig } from '../../runtime/config.ts';
import { toolEnvironment } from '../../runtime/tool-environment.ts';
import { createNodeBench } from '../engine/node-bench.test-kit.ts';
import { createModelStore } from '../models/model-store.ts';

const REGISTRY = new URL('registry.ts', import.meta.url);

/** Signal-to-distortion ratio in dB over both channels. */
function sdrDb(truth: Track, estimate: readonly Float32Array[]): number {
  let [signal, distortion] = [0, 0];
  for (const [channel, samples] of [truth.left, truth.right].entries()) {
    samples.forEach((sample, n) => {
      signal += sample ** 2;
      distortion += (sample - (estimate[channel]?.[n] ?? 0)) ** 2;
    });
  }
  return 10 * Math.log10(signal / distortion);
}

test('the voice of the example song comes out, and better with more care', { timeout: 240_000 }, async () => {
  const { cacheDir } = loadConfig();
  const models = createModelStore({
    cacheDir,
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
    allowNonCommercial: false,
    packageEnvironment: toolEnvironment(),
  });
  const truth = exampleStems();
  const mix = exampleMix(truth);
  const bench = await createNodeBench({ registryUrl: REGISTRY });
  try {
    const input = await bench.putMix([mix.left, mix.right]);
    const sdr: Record<string, number> = {};
    for (const quality of ['fast', 'best'] as const) {
      const { slots } = await bench.run({ separator: 'spleeter-2stems', mix: input, quality, deps: { models } });
      sdr[quality] = sdrDb(truth.vocals, await bench.readSamples(slots['vocals']?.key ?? ''));
    }
    const nothing = sdrDb(truth.vocals, [mix.left, mix.right]);
    // Measured: the mix itself -3.8 dB, fast 14.7 dB, best 15.9 dB.
    assert.ok(nothing < 0);
    assert.ok((sdr['fast'] ?? 0) > 13, `fast reaches ${String(sdr['fast'])} dB`);
    assert.ok((sdr['best'] ?? 0) > (sdr['fast'] ?? 0) + 0.3, `best reaches ${String(sdr['best'])} dB`);
  } finally {
    await bench.close();
  }
});
