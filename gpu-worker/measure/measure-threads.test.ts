import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createWavWriter } from '../wav/write-wav.ts';
import { createMeasureThreads, MeasureTaskError } from './measure-threads.ts';

let folder = '';
let tone = '';
let long = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-threads-'));
  tone = join(folder, 'tone.wav');
  long = join(folder, 'long.wav');
  const wave = Float32Array.from({ length: 44_100 }, (_, index) => 0.5 * Math.sin(index * 0.0627));
  for (const [path, seconds] of [
    [tone, 1],
    [long, 60],
  ] as const) {
    const writer = await createWavWriter(path, { rateHz: 44_100, channels: 1 });
    for (let second = 0; second < seconds; second++) await writer.write([wave]);
    await writer.close();
  }
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('more tasks than threads all get done', async () => {
  const threads = createMeasureThreads(2);
  const readings = await Promise.all(Array.from({ length: 5 }, () => threads.run('measure', { wavPath: tone })));
  await threads.close();
  for (const { loudnessLufs } of readings) assert.ok(loudnessLufs !== null && Math.abs(loudnessLufs + 9.7) < 0.2);
});

test('tells progress that rises to 1', async () => {
  const threads = createMeasureThreads(1);
  const fractions: number[] = [];
  await threads.run('measure', { wavPath: long }, { onProgress: (fraction) => fractions.push(fraction) });
  await threads.close();
  assert.ok(fractions.length > 10 && fractions.length <= 51);
  assert.deepEqual(
    fractions,
    fractions.toSorted((one, other) => one - other),
  );
  assert.equal(fractions.at(-1), 1);
});

test('a failed task says which error it was and leaves its thread usable', async () => {
  const threads = createMeasureThreads(1);
  await assert.rejects(threads.run('measure', { wavPath: join(folder, 'absent.wav') }), (error: unknown) => {
    return error instanceof MeasureTaskError && error.code === 'ENOENT';
  });
  assert.ok((await threads.run('measure', { wavPath: tone })).peakDbtp !== null);
  await threads.close();
});

test('a cancelled task ends at once with the reason, and the next one runs', async () => {
  const threads = createMeasureThreads(1);
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const running = threads.run(
    'measure',
    { wavPath: long },
    { signal: controller.signal, onProgress: () => controller.abort(reason) },
  );
  const waiting = threads.run('measure', { wavPath: tone }, { signal: controller.signal });
  await assert.rejects(running, reason);
  await assert.rejects(waiting, reason);
  assert.ok((await threads.run('measure', { wavPath: tone })).peakDbtp !== null);
  await threads.close();
});

test('closing rejects what runs and what waits, and refuses what comes', async () => {
  const threads = createMeasureThreads(1);
  const tasks = [threads.run('measure', { wavPath: long }), threads.run('measure', { wavPath: long })];
  const outcomes = Promise.allSettled(tasks);
  await threads.close();
  for (const { status } of await outcomes) assert.equal(status, 'rejected');
  await assert.rejects(threads.run('measure', { wavPath: tone }), /closed/u);
});
