import assert from 'node:assert/strict';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/common';
import type { ComputeHeartbeat } from '../../workflows/contract/compute-activities.ts';
import { createEnvironment, createNodeBench } from '../engine/node-bench.test-kit.ts';
import type { NodeBench } from '../engine/node-bench.test-kit.ts';

let bench: NodeBench;
before(async () => {
  bench = await createNodeBench();
});
after(async () => {
  await bench.close();
});
beforeEach(async () => {
  await rm(bench.gateFolder, { recursive: true });
  await mkdir(bench.gateFolder);
  for (const key of await bench.keys('')) await bench.blobs.delete(key);
  bench.computed.length = 0;
  bench.warnings.length = 0;
  bench.reports.length = 0;
});

/** Two incommensurate tones per channel, and a click at the end: no sample repeats the one a window earlier. */
function music(samples: number, channels = 2): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: samples }, (__, index) =>
      index === samples - 1
        ? 0.9
        : 0.5 * Math.sin(index * 0.0731 * (channel + 1)) + 0.3 * Math.cos(index * 0.00917 + channel),
    ),
  );
}

function snrDb(reference: Float32Array, estimate: Float32Array | undefined): number {
  assert.equal(estimate?.length, reference.length);
  let signal = 0;
  let noise = 0;
  for (const [index, value] of reference.entries()) {
    signal += value * value;
    noise += (value - (estimate?.[index] ?? NaN)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

for (const separator of ['half-overlap', 'quarter-hop']) {
  for (const samples of [1, 2, 1023, 1024, 1025, 4095, 4096, 4097, 100_003]) {
    test(`an identity (${separator}) gives back ${String(samples)} samples, at the right place and level`, async () => {
      const channels = music(samples);
      const mix = await bench.putMix(channels);
      const { slots } = await bench.run({ separator, mix });
      assert.deepEqual(Object.keys(slots), ['same', 'mirrored']);
      const same = await bench.readSamples(slots['same']?.key ?? '');
      const mirrored = await bench.readSamples(slots['mirrored']?.key ?? '');
      for (const [index, channel] of channels.entries()) {
        assert.equal(same[index]?.length, samples);
        assert.equal(mirrored[index]?.length, samples);
        assert.ok(snrDb(channel, same[index]) > 100);
        const expected = (channels[1 - index] as Float32Array).map((sample) => sample * -0.5);
        assert.ok(snrDb(expected, mirrored[index]) > 100);
      }
      assert.equal(slots['same']?.samples, samples);
      assert.deepEqual(await bench.keys('chunks/'), []);
    });
  }
}

test('how many windows a chunk holds changes no bit', async () => {
  const mix = await bench.putMix(music(70_001));
  const results: Buffer[][] = [];
  for (const windows of [1, 2, 3, 7, 100]) {
    const { slots } = await bench.run({ separator: 'quarter-hop', mix, deps: { chunkSize: { windows } } });
    results.push(await Promise.all(Object.values(slots).map(async ({ key }) => await bench.readBlob(key))));
    for (const { key } of Object.values(slots)) await bench.blobs.delete(key);
  }
  for (const result of results.slice(1))
    assert.ok(result.every((bytes, slot) => bytes.equals(results[0]?.[slot] as Buffer)));
});

test('two pairs of channels are separated each on its own, at its own level', async () => {
  const channels = music(30_000, 4).map((channel, index) =>
    channel.map((sample) => (index < 2 ? sample : sample * 1e-4)),
  );
  const { slots } = await bench.run({ separator: 'half-overlap', mix: await bench.putMix(channels) });
  const same = await bench.readSamples(slots['same']?.key ?? '');
  for (const [index, channel] of channels.entries()) assert.ok(snrDb(channel, same[index]) > 100);
});

test('silence stays silent, and a silent pair beside music too', async () => {
  const silent = [new Float32Array(50_000), new Float32Array(50_000)];
  const half = [...music(50_000), ...silent];
  for (const [channels, from] of [
    [silent, 0],
    [half, 2],
  ] as const) {
    const { slots } = await bench.run({ separator: 'half-overlap', mix: await bench.putMix(channels) });
    for (const { key } of Object.values(slots)) {
      const output = (await bench.readSamples(key)).slice(from);
      assert.equal(output.length, 2);
      for (const channel of output) {
        assert.equal(channel.length, 50_000);
        assert.ok(channel.every((sample) => sample === 0));
      }
    }
  }
});

test('a finished node is not computed again', async () => {
  const mix = await bench.putMix(music(20_000));
  const first = await bench.run({ separator: 'half-overlap', mix });
  assert.ok(bench.computed.length > 3);
  bench.computed.length = 0;
  assert.deepEqual(await bench.run({ separator: 'half-overlap', mix }), first);
  assert.deepEqual(bench.computed, []);
});

test('the first heartbeat of a later attempt tells how far the earlier one came', async () => {
  const mix = await bench.putMix(music(6 * 44_100));
  const earlier = createEnvironment();
  const running = bench.run({ separator: 'gated', mix, environment: earlier });
  await untilGate(running);
  earlier.cancel('CANCELLED');
  await writeFile(join(bench.gateFolder, 'gate'), '');
  await assert.rejects(running, CancelledFailure);
  const later = createEnvironment();
  const beats: ComputeHeartbeat[] = [];
  later.on('heartbeat', (details: ComputeHeartbeat) => beats.push(details));
  await bench.run({ separator: 'gated', mix, environment: later });
  assert.equal(beats[0]?.chunk, 2);
});

test('beats with every window and reports every stored chunk, never backwards, to the end of its span', async () => {
  const environment = createEnvironment();
  const beats: ComputeHeartbeat[] = [];
  environment.on('heartbeat', (details: ComputeHeartbeat) => beats.push(details));
  const mix = await bench.putMix(music(20_000));
  const { slots } = await bench.run({ separator: 'half-overlap', mix, environment });
  assert.ok(beats.length >= 2 * bench.computed.length + Object.keys(slots).length);
  assert.equal(beats.at(-1)?.chunk, bench.computed.length);
  for (const fractions of [beats.map(({ fraction }) => fraction), bench.reports.map(({ fraction }) => fraction)]) {
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    assert.equal(fractions.at(-1), 1);
  }
});

/** Runs the gated separator until what it may do without the gate is stored. */
async function untilGate(run: Promise<unknown>): Promise<void> {
  run.catch(() => undefined);
  while ((await bench.keys('chunks/')).length < 2) await turn();
}

test('an engine killed in the middle goes on, bit for bit, and computes no finished chunk again', async () => {
  const mix = await bench.putMix(music(5 * 44_100));
  const calm = await createNodeBench();
  await writeFile(join(calm.gateFolder, 'gate'), '');
  const undisturbed = await calm.run({ separator: 'gated', mix: await calm.putMix(music(5 * 44_100)) });
  const expected = await calm.readBlob(undisturbed.slots['same']?.key ?? '');
  await calm.close();

  const running = bench.run({ separator: 'gated', mix });
  await untilGate(running);
  const { pid } = bench.engine;
  process.kill(pid as number, 'SIGKILL');
  await writeFile(join(bench.gateFolder, 'gate'), '');
  const { slots } = await running;
  assert.notEqual(bench.engine.pid, pid);
  assert.ok((await bench.readBlob(slots['same']?.key ?? '')).equals(expected));
  assert.deepEqual(
    bench.computed.toSorted(),
    ['0-0', '1-1', '2-2', '3-3', '4-4', '5-5'].slice(0, bench.computed.length),
  );
  assert.equal(bench.warnings.length, 1);
});

test('a later attempt takes stored chunks over, even cut differently, and computes a torn one again', async () => {
  const mix = await bench.putMix(music(6 * 44_100));
  const environment = createEnvironment();
  const running = bench.run({ separator: 'gated', mix, environment });
  await untilGate(running);
  environment.cancel('CANCELLED');
  await assert.rejects(running, CancelledFailure);
  const [first, second] = (await bench.keys('chunks/')).toSorted() as [string, string];
  assert.deepEqual(
    [first, second].map((key) => key.split('/').at(-1)),
    ['0-0', '1-1'],
  );
  await truncate(join(bench.folder, 'blobs', first), 1000);
  bench.computed.length = 0;
  await writeFile(join(bench.gateFolder, 'gate'), '');
  const { slots } = await bench.run({ separator: 'gated', mix, deps: { chunkSize: { windows: 4 } } });
  assert.deepEqual(bench.computed.toSorted(), ['0-0', '2-3', '4-5']);
  const same = await bench.readSamples(slots['same']?.key ?? '');
  for (const [index, channel] of music(6 * 44_100).entries()) {
    assert.ok(snrDb(channel, same[index]) > 100);
  }
});

test('a cancelled node stops between windows, keeps its chunks, its engine and no temporary files', async () => {
  const mix = await bench.putMix(music(8 * 44_100));
  const environment = createEnvironment();
  const running = bench.run({ separator: 'gated', mix, environment });
  await untilGate(running);
  const { pid } = bench.engine;
  const computed = bench.computed.length;
  environment.cancel('CANCELLED');
  await writeFile(join(bench.gateFolder, 'gate'), '');
  await assert.rejects(running, CancelledFailure);
  assert.equal(bench.engine.pid, pid);
  assert.equal(bench.computed.length, computed);
  assert.equal((await bench.keys('chunks/')).length, 2);
  assert.deepEqual(await readdir(join(bench.folder, 'scratch')), []);
});

test('where two windows at once do not fit into memory, one at a time does', async () => {
  const channels = music(5 * 44_100);
  const { slots } = await bench.run({ separator: 'one-at-a-time', mix: await bench.putMix(channels) });
  assert.equal(bench.warnings.length, 1);
  assert.match(bench.warnings[0] ?? '', /"lanes":1,"chunkWindows":1/u);
  const same = await bench.readSamples(slots['same']?.key ?? '');
  assert.ok(snrDb(channels[0] as Float32Array, same[0]) > 100);
});

test('says "out of memory" when not even one window fits', async () => {
  const mix = await bench.putMix(music(5 * 44_100));
  await assert.rejects(bench.run({ separator: 'never-fits', mix }), { type: 'out-of-memory', nonRetryable: true });
  assert.equal(bench.warnings.length, 1);
});

test('a network that diverges is an error, not a gap of silence', async () => {
  const mix = await bench.putMix(music(5 * 44_100));
  await assert.rejects(bench.run({ separator: 'diverging', mix }), /not a number/u);
  assert.deepEqual(bench.warnings, []);
});

test('a thread that does not stop is killed with its process when the job is cancelled', async () => {
  const mix = await bench.putMix(music(5 * 44_100));
  const environment = createEnvironment();
  const running = bench.run({ separator: 'stubborn', mix, environment });
  running.catch(() => undefined);
  while (!(await readdir(bench.gateFolder)).includes('begun')) await turn();
  const { pid } = bench.engine;
  environment.cancel('CANCELLED');
  await assert.rejects(running, CancelledFailure);
  assert.notEqual(bench.engine.pid, pid);
  assert.throws(() => process.kill(pid as number, 0), { code: 'ESRCH' });
  assert.deepEqual(await readdir(join(bench.folder, 'scratch')), []);
});
