// Every family at its published size against a NumPy re-implementation of its published procedure: testdata/published-procedures.py.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Quality } from '../../workflows/contract/request.ts';
import { ONNX_ENTRIES } from './onnx-entries.ts';
import { modelFile, separateSong, snrDb } from './run-windows.test-kit.ts';
import { roughSong } from './test-signals.test-kit.ts';
import { tinyNetwork } from './tiny-models/tiny-network.ts';

interface Published {
  readonly separator: string;
  readonly quality: Quality;
  readonly samples: number;
  readonly songSeed: number;
  readonly networkSeed: number;
  readonly positions: readonly number[];
  /** By slot and channel, at the positions. */
  readonly slots: readonly (readonly (readonly number[])[])[];
}

const CASES = JSON.parse(
  await readFile(new URL('testdata/published-procedures.json', import.meta.url), 'utf8'),
) as readonly Published[];

for (const { separator, quality, samples, songSeed, networkSeed, positions, slots } of CASES) {
  void test(`${separator}, ${quality}: gives what the published procedure gives`, async (t) => {
    const entry = ONNX_ENTRIES.find(({ id }) => id === separator)!;
    const path = await modelFile(t, tinyNetwork(separator, networkSeed));
    const found = await separateSong(
      entry.create(new Map([[separator, [path]]]), quality),
      roughSong(samples, songSeed),
    );
    assert.equal(found.length, slots.length);
    for (const [slot, channels] of slots.entries()) {
      const heard = found[slot]!.map((channel) => positions.map((n) => channel[n]!));
      const snr = snrDb(heard, channels);
      t.diagnostic(`${entry.slots[slot]!}: ${snr.toFixed(1)} dB`);
      assert.ok(snr >= 80, `${entry.slots[slot]!}: ${snr.toFixed(1)} dB`);
    }
  });
}
