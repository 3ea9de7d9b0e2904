// The tree that takes a band apart with three published networks, whole: tiny networks, placed by hand under the real ids, through
// the model store and the engine.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { stemNames } from '../../workflows/contract/stems.ts';
import type { StrategyNode } from '../../workflows/contract/stems.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import { createNodeBench } from '../engine/node-bench.test-kit.ts';
import type { NodeBench } from '../engine/node-bench.test-kit.ts';
import { MODELS } from '../models/manifest.ts';
import { createModelStore } from '../models/model-store.ts';
import { MDX_ROWS } from './onnx-entries.ts';
import { validateStrategy } from './registry.ts';
import { MEL_BAND_ROFORMER_KIM } from './roformer.ts';
import { snrDb } from './run-windows.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import { chord } from './test-signals.test-kit.ts';
import { scalingMdx } from './tiny-models/tiny-mdx.ts';
import { scalingSpectral } from './tiny-models/tiny-spectral.ts';

const TREE: StrategyNode = {
  separator: 'mel-band-roformer-kim',
  outputs: {
    vocals: 'vocals',
    other: {
      separator: 'kuielab-b-drums',
      outputs: {
        drums: 'drums',
        rest: { separator: 'kuielab-a-bass', outputs: { bass: 'bass', rest: 'other' } },
      },
    },
  },
};

/** Each network takes this share of what it hears. */
const SHARES = { 'mel-band-roformer-kim': 0.5, 'kuielab-b-drums': 0.4, 'kuielab-a-bass': 0.25 } as const;
const COMPENSATION = 1.035;

let bench: NodeBench;
before(async () => {
  bench = await createNodeBench({ registryUrl: new URL('registry.ts', import.meta.url) });
});
after(() => bench.close());

void test('the registry knows every slot of the tree', () => {
  assert.deepEqual(validateStrategy(TREE), []);
  const wrong: StrategyNode = { ...TREE, outputs: { vocals: 'vocals', instrumental: 'other' } };
  assert.match(validateStrategy(wrong).join('\n'), /no output "instrumental"; it has vocals, other/);
});

void test('the tree gives each stem its share of the song, to the sample', async () => {
  const networks: Readonly<Record<string, Uint8Array>> = {
    'mel-band-roformer-kim': scalingSpectral(MEL_BAND_ROFORMER_KIM, 'planes', [SHARES['mel-band-roformer-kim']]),
    'kuielab-b-drums': scalingMdx(contractOf('kuielab-b-drums'), SHARES['kuielab-b-drums']),
    'kuielab-a-bass': scalingMdx(contractOf('kuielab-a-bass'), SHARES['kuielab-a-bass']),
  };
  const overrideDir = join(bench.folder, 'by-hand');
  const pinnedHashes: Record<string, string> = {};
  for (const [id, bytes] of Object.entries(networks)) {
    await mkdir(join(overrideDir, id), { recursive: true });
    await writeFile(join(overrideDir, id, MODELS.get(id)!.files[0]!.name), bytes);
    pinnedHashes[id] = createHash('sha256').update(bytes).digest('hex');
  }
  const models = createModelStore({
    cacheDir: join(bench.folder, 'cache'),
    log: pino({ level: 'silent' }),
    allowNonCommercial: false,
    overrideDir,
    pinnedHashes,
  });

  // Below the 5.5 kHz that the bass network hears.
  const song: Stereo = chord(560_001, 0.08);
  const stems = new Map<string, PcmBlob>();
  async function separate(node: StrategyNode, mix: PcmBlob): Promise<void> {
    const { slots } = await bench.run({ separator: node.separator, mix, deps: { models } });
    for (const [slot, output] of Object.entries(node.outputs)) {
      if (typeof output === 'string') stems.set(output, slots[slot]!);
      else await separate(output, slots[slot]!);
    }
  }
  await separate(TREE, await bench.putMix(song));

  assert.deepEqual([...stems.keys()], stemNames(TREE));
  const afterVocals = 1 - SHARES['mel-band-roformer-kim'];
  const afterDrums = afterVocals * (1 - COMPENSATION * SHARES['kuielab-b-drums']);
  const gains: Readonly<Record<string, number>> = {
    vocals: SHARES['mel-band-roformer-kim'],
    drums: afterVocals * SHARES['kuielab-b-drums'],
    bass: afterDrums * SHARES['kuielab-a-bass'],
    other: afterDrums * (1 - COMPENSATION * SHARES['kuielab-a-bass']),
  };
  for (const [name, blob] of stems) {
    assert.equal(blob.samples, song[0].length);
    const wanted = song.map((channel) => channel.map((x) => x * gains[name]!));
    const snr = snrDb(await bench.readSamples(blob.key), wanted);
    assert.ok(snr >= 100, `${name}: ${snr.toFixed(1)} dB`);
  }
  assert.deepEqual(bench.warnings, []);
});

function contractOf(id: string): (typeof MDX_ROWS)[number]['contract'] {
  const row = MDX_ROWS.find((candidate) => candidate.id === id);
  assert.ok(row !== undefined, id);
  return row.contract;
}
