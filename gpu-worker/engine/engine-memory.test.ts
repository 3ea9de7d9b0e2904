import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import { buildWavHeader } from '../wav/wav-header.ts';
import { peakResidentBytes } from './peak-memory.test-kit.ts';
import { createNodeBench } from './node-bench.test-kit.ts';
import type { NodeBench } from './node-bench.test-kit.ts';

/** A song that is silent but for a click each ten seconds: a sparse file, quick to make. */
async function putClicks(bench: NodeBench, seconds: number): Promise<PcmBlob> {
  const path = join(bench.folder, 'clicks.wav');
  const format = { rateHz: 44_100, channels: 2 };
  const samples = seconds * format.rateHz;
  const header = buildWavHeader(format, samples);
  {
    await using handle = await open(path, 'w');
    await handle.write(header);
    const click = Buffer.alloc(8);
    click.writeFloatLE(0.5, 0);
    click.writeFloatLE(-0.25, 4);
    for (let frame = 0; frame < samples; frame += 10 * format.rateHz) {
      await handle.write(click, 0, 8, header.length + frame * 8);
    }
    await handle.truncate(header.length + samples * 8);
  }
  const blob = await bench.blobs.putFile('mixes/clicks.wav', path, { consume: true });
  return { ...blob, ...format, samples };
}

async function peakBytes(seconds: number): Promise<number> {
  const bench = await createNodeBench();
  try {
    const mix = await putClicks(bench, seconds);
    const { slots } = await bench.run({ separator: 'long-windows', mix });
    assert.equal(slots['same']?.samples, mix.samples);
    assert.equal(slots['same']?.sha256, mix.sha256);
    return await peakResidentBytes(bench.engine.pid);
  } finally {
    await bench.close();
  }
}

test('20 minutes need no more memory than 3', { skip: process.platform !== 'linux' && 'reads /proc' }, async () => {
  const [short, long] = [await peakBytes(180), await peakBytes(1200)];
  assert.ok(short > 50e6);
  assert.ok(long <= short * 1.1, `${String(long)} bytes, and ${String(short)} for 3 minutes`);
});
