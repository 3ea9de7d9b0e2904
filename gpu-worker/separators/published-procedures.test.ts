// Every family at its published size against a NumPy re-implementation of its published procedure: testdata/published-procedures.py.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Quality } from '../../workflows/contract/request.ts';
import { HTDEMUCS, HTDEMUCS_6S } from './demucs.ts';
import { MDX_ROWS, ONNX_ENTRIES } from './onnx-entries.ts';
import { BS_ROFORMER_SW, MEL_BAND_ROFORMER_KIM } from './roformer.ts';
import { modelFile, separateSong, snrDb } from './run-windows.test-kit.ts';
import { SCNET_CONTRACT } from './scnet.ts';
import { roughSong } from './test-signals.test-kit.ts';
import { randomDemucs } from './tiny-models/tiny-demucs.ts';
import { randomMdx } from './tiny-models/tiny-mdx.ts';
import { randomSpectral } from './tiny-models/tiny-spectral.ts';

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

function tinyNetwork(separator: string, seed: number): Uint8Array {
  const mdx = MDX_ROWS.find(({ id }) => id === separator);
  if (mdx !== undefined) return randomMdx(mdx.contract, seed, 3);
  if (separator.startsWith('htdemucs'))
    return randomDemucs(separator === 'htdemucs' ? HTDEMUCS : HTDEMUCS_6S, seed, 0.5);
  if (separator.startsWith('scnet')) return randomSpectral(SCNET_CONTRACT, 'channels', seed, 0.5);
  return randomSpectral(separator === 'bs-roformer-sw' ? BS_ROFORMER_SW : MEL_BAND_ROFORMER_KIM, 'planes', seed, 0.5);
}
