/** What dies comes back: the gpu-worker, everything at once, and a person's Ctrl-C. */
import assert from 'node:assert/strict';

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import {
  blobsOf,
  chunksLogged,
  createPlace,
  gpuWorkerLog,
  hashesIn,
  makeSong,
  split,
  transcriptOf,
  until,
  woodshed,
} from './stack.test-kit.ts';
import type { Place } from './stack.test-kit.ts';
import { testRandom } from './seeded-random.test-kit.ts';

const KILLS = 10;
const GPU_WORKER = 'gpu-worker/main.ts';
const SONG_SECONDS = 300;
/** Takes long enough to encode that a person can see the stage, and stop there. */
const FORMAT = 'mp3';

let undisturbed: Place;
let song = '';
let expected: Record<string, string> = {};

before(async () => {
  undisturbed = await createPlace();
  song = await makeSong(join(undisturbed.folder, 'song.wav'), { seconds: SONG_SECONDS });
  const { code, json, run } = await split(undisturbed, song, 'stems', '--strategy', 'vocals', '--format', FORMAT);
  assert.equal(code, 0, run.stderr.join('\n'));
  assert.deepEqual(
    json.stems.map(({ name }) => name),
    ['vocals', 'accompaniment'],
  );
  expected = await stemHashes(join(undisturbed.folder, 'stems'));
  assert.equal(Object.keys(expected).length, 6, 'three stems and their pictures');
  assert.deepEqual(await run.family.survivors(), []);
});
after(async () => await undisturbed.remove());

test('ten kills of the gpu-worker cost time and nothing else', { timeout: 400_000 }, async (t) => {
  const { seed, random } = testRandom(t);
  const place = await createPlace();
  try {
    const run = await woodshed(place, 'split', song, '--out', 'stems', '--json', '--format', FORMAT);
    const killed = new Set<number>();
    /** What was stored at each kill, and how many lines the log had by then. */
    const safe: { readonly lines: number; readonly chunks: ReadonlySet<string> }[] = [];
    const recoveries: number[] = [];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const pid = await until(run, `gpu-worker number ${String(kill)}`, () => {
        const found = run.family.pidOf(GPU_WORKER);
        return found === null || killed.has(found) ? null : found;
      });
      // Any point: while it starts, while it prepares, between and within chunks.
      const computedBefore = chunksLogged(place, 'chunk computed').length;
      const chunks = Math.floor(random() * 3);
      await until(run, `${String(chunks)} more chunks`, () =>
        chunksLogged(place, 'chunk computed').length >= computedBefore + chunks ? true : null,
      );
      await pause(random() * (chunks === 0 ? 2500 : 300));
      const living = run.family.living();
      const children = living.filter((entry) => entry.parent === pid);
      process.kill(pid, 'SIGKILL');
      const killedAt = Date.now();
      killed.add(pid);
      assert.deepEqual(await run.family.survivorsOf([...children, ...living.filter((entry) => entry.pid === pid)]), []);
      safe.push({
        lines: gpuWorkerLog(place).length,
        chunks: new Set(blobsOf(place, 'chunks').map((path) => path.split('/').slice(-2).join('/'))),
      });
      recoveries.push(killedAt);
    }
    const { code, json } = await run.result();
    assert.equal(code, 0, JSON.stringify(json));
    assert.equal(json.status, 'done', `seed ${String(seed)}`);
    assert.deepEqual(await stemHashes(join(place.folder, 'stems')), expected);

    const lines = gpuWorkerLog(place);
    for (const { lines: count, chunks } of safe) {
      const later = lines.slice(count).filter(({ msg }) => msg === 'chunk computed');
      assert.deepEqual(
        later.filter(({ nodeKey, chunk }) => chunks.has(`${nodeKey ?? ''}/${chunk ?? ''}`)),
        [],
        'computed again although it was stored',
      );
    }
    assert.ok(safe.some(({ chunks }) => chunks.size > 0));
    const stored = chunksLogged(place, 'chunk stored');
    assert.equal(new Set(stored).size, stored.length, 'no chunk is stored twice');
    const starts = lines.filter(({ msg }) => msg === 'chunk computed').map(({ time }) => time);
    const waits = recoveries.map((at) => (starts.find((time) => time > at) ?? Number.NaN) - at);
    t.diagnostic(`from SIGKILL to the next chunk: ${waits.map((ms) => (ms / 1000).toFixed(1)).join(' ')} s`);
    t.diagnostic(
      `${String(starts.length)} chunks computed, ${String(stored.length)} stored, ${String(json.seconds)} s`,
    );

    await assertOnePost(place, json.job);
    assert.deepEqual(await run.family.survivors(), []);
    assert.deepEqual(blobsOf(place, 'chunks'), []);
  } finally {
    await place.remove();
  }
});

test('a kill of everything, twice, ends in a finished job where it was asked for', { timeout: 300_000 }, async (t) => {
  const place = await createPlace();
  try {
    let run = await woodshed(place, 'split', song, '--out', 'stems', '--json', '--format', FORMAT);
    for (let kill = 1; kill <= 2; kill += 1) {
      const computedBefore = chunksLogged(place, 'chunk computed').length;
      await until(run, 'two more chunks', () =>
        chunksLogged(place, 'chunk computed').length >= computedBefore + 2 ? true : null,
      );
      run.family.killAll();
      await run.child.exited;
      assert.deepEqual(await run.family.survivors(), []);
      const startedAt = Date.now();
      run = await woodshed(place, 'start');
      await until(run, 'a chunk after the start', () =>
        gpuWorkerLog(place).some(({ msg, time }) => msg === 'chunk computed' && time > startedAt) ? true : null,
      );
      const [again] = gpuWorkerLog(place).filter(({ msg, time }) => msg === 'chunk computed' && time > startedAt);
      t.diagnostic(`from the start to the next chunk: ${(((again?.time ?? 0) - startedAt) / 1000).toFixed(1)} s`);
    }
    assert.deepEqual(await run.child.exited, { code: 0, signal: null }, run.stderr.join('\n'));
    assert.ok(run.stdout.some((line) => line.startsWith('Going on with ')));
    assert.deepEqual(await stemHashes(join(place.folder, 'stems')), expected);
    const stored = chunksLogged(place, 'chunk stored');
    assert.equal(new Set(stored).size, stored.length, 'no chunk is stored twice');
    await assertOnePost(place, await onlyJob(place));
    assert.deepEqual(await run.family.survivors(), []);
  } finally {
    await place.remove();
  }
});

const STAGES = ['read', 'separate', 'measure', 'encode'] as const;

test('a person who stops Woodshed in every stage loses nothing but time', { timeout: 300_000 }, async (t) => {
  const place = await createPlace();
  try {
    for (const [index, stage] of STAGES.entries()) {
      const run = await (index === 0
        ? woodshed(place, 'split', song, '--out', 'stems', '--json', '--format', FORMAT)
        : woodshed(place, 'start'));
      await until(run, `the stage ${stage}`, async () => {
        const stages = (await transcriptOf(place)).flatMap((entry) =>
          entry.kind === 'file' ? [] : entry.card.stages.filter(({ mark }) => mark === 'running'),
        );
        // Published: a process that has hardly begun ends by the signal itself. The stage may have been seen before the last stop.
        const isThere = stages.some((running) => STAGES.indexOf(running.stage as 'read') >= index);
        return isThere && existsSync(join(place.data, 'stack.json')) ? true : null;
      });
      const stoppedAt = Date.now();
      process.kill(run.child.pid, index % 2 === 0 ? 'SIGTERM' : 'SIGINT');
      if (index === 0) {
        const { code, json } = await run.result();
        assert.deepEqual([code, json.status, json.code], [1, 'failed', 'stopped']);
      }
      assert.deepEqual(await run.child.exited, { code: index === 0 ? 1 : 0, signal: null }, run.stderr.join('\n'));
      t.diagnostic(`stopped while it was at ${stage}: ${((Date.now() - stoppedAt) / 1000).toFixed(1)} s`);
      assert.deepEqual(await run.family.survivors(), []);
    }
    const last = await woodshed(place, 'start');
    assert.deepEqual(await last.child.exited, { code: 0, signal: null }, last.stderr.join('\n'));
    assert.deepEqual(await stemHashes(join(place.folder, 'stems')), expected);
    await assertOnePost(place, await onlyJob(place));
    assert.deepEqual(await last.family.survivors(), []);
  } finally {
    await place.remove();
  }
});

/** Every stem, residual and picture; not the metadata, which names the job's own time. */
async function stemHashes(folder: string): Promise<Record<string, string>> {
  const { 'metadata.json': metadata, ...stems } = await hashesIn(folder);
  assert.ok(metadata !== undefined);
  return stems;
}

async function assertOnePost(place: Place, code: string | null): Promise<void> {
  const entries = await transcriptOf(place);
  const cards = entries.filter((entry) => entry.kind !== 'file' && entry.card.code === code);
  assert.equal(cards.filter(({ kind }) => kind === 'post').length, 1);
  const states = cards.map((entry) => (entry.kind === 'file' ? '' : entry.card.state));
  assert.deepEqual(
    states.filter((state) => !['queued', 'running'].includes(state)),
    ['done'],
    'one final state, and nothing after it',
  );
  assert.equal(states.at(-1), 'done');
}

/** Code of the one job that this place has seen. */
async function onlyJob(place: Place): Promise<string | null> {
  const codes = new Set((await transcriptOf(place)).flatMap((entry) => (entry.kind === 'file' ? [] : entry.card.code)));
  assert.equal(codes.size, 1);
  return [...codes][0] ?? null;
}
