import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { AlbumContent, AlbumReport, ResultFile } from '../../workflows/contract/delivery.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { albumStems } from './album-stems.ts';
import { exampleResult } from './example-job.test-kit.ts';
import { createResultBench, open, parcelOf, patiently, resultFile } from './result-bench.test-kit.ts';
import type { ResultBench } from './result-bench.test-kit.ts';

const STEMS = ['vocals', 'drums', 'bass'];
const NEEDED = { kind: 'files', files: STEMS.map((name) => song(name, 'mp3')) } as const satisfies AlbumContent;

let bench: ResultBench;
beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  bench = await albumBench();
});
afterEach(async () => {
  await bench.stop();
  mock.timers.reset();
});

function song(name: string, format: string, bytes = 1000): ResultFile {
  return { ...resultFile(`${name}.${format}`, bytes), name };
}

function stem(name: string, loudnessLufs: number | null = -18): FinishedStem {
  const [first] = exampleResult().finished.stems;
  assert.ok(first !== undefined);
  return { ...first, name, loudnessLufs };
}

function doneWith(stems: readonly FinishedStem[]): JobOutcome {
  const result = exampleResult();
  return { state: 'done', reused: false, result: { ...result, finished: { ...result.finished, stems } } };
}

/** A finished job whose card stands, on a platform where each file is a message of its own. */
async function albumBench(): Promise<ResultBench> {
  const made = await createResultBench({ knowsNonces: false });
  made.layout = (files) => ({ inCard: [], inPlaceholders: files.map((file) => [file]), posted: [] });
  made.job = { ...made.job, state: 'done', outcome: doneWith(STEMS.map((name) => stem(name))) };
  return made;
}

async function delivered(format: string, to = bench): Promise<void> {
  const files = [...STEMS, 'residual'].map((name) => song(name, format));
  assert.deepEqual(await patient(to.deliver(parcelOf(files), to.job.outcome ?? undefined)), { state: 'delivered' });
}

async function asked(content: AlbumContent, of = bench): Promise<AlbumReport> {
  const album = { jobId: of.job.id, surfaceId: 'surface', content };
  return await patient(of.albums.post(album, open));
}

function patient<T>(work: Promise<T>): Promise<T> {
  return patiently(work, (ms) => {
    mock.timers.tick(ms);
  });
}

/** What people see beside the card and the files. */
function albums(of = bench): readonly (readonly string[])[] {
  return [...of.messages.values()].filter(({ kind }) => kind === 'extra').map(({ files }) => files);
}

test('songs that stand in the chat are the album, in their order, without the residual, and without their bytes', async () => {
  await delivered('mp3');
  assert.deepEqual(await asked({ kind: 'standing' }), { state: 'settled' });
  assert.deepEqual(albums(), [['sent-vocals', 'sent-drums', 'sent-bass']]);
});

test('it comes once, however often it is asked for, and whichever process is asked', async () => {
  await delivered('mp3');
  for (let times = 0; times < 3; times += 1) {
    assert.deepEqual(await asked({ kind: 'standing' }), { state: 'settled' });
    assert.deepEqual(await asked(NEEDED), { state: 'settled' });
    await bench.restart();
  }
  assert.equal(albums().length, 1);
});

test('documents are no songs: they are asked for as files, and come once', async () => {
  await delivered('wav');
  const report = await asked({ kind: 'standing' });
  assert.ok(report.state === 'files-needed');
  assert.deepEqual([report.stems.map(({ name }) => name), report.limitBytes], [STEMS, null]);
  assert.deepEqual(await asked(NEEDED), { state: 'settled' });
  assert.deepEqual(await asked(NEEDED), { state: 'settled' });
  assert.deepEqual(albums(), [['vocals.mp3', 'drums.mp3', 'bass.mp3']]);
});

test('what may have been posted is not posted again', async () => {
  await delivered('mp3');
  bench.fault = () => 'done-then-lost';
  assert.deepEqual(await asked({ kind: 'standing' }), { state: 'settled' });
  bench.fault = () => null;
  assert.deepEqual(await asked({ kind: 'standing' }), { state: 'settled' });
  assert.deepEqual(await asked({ kind: 'nothing' }), { state: 'settled' });
  assert.deepEqual([albums().length, bench.errors.length], [1, 1]);
});

test('what was surely not posted is tried again', async () => {
  await delivered('mp3');
  bench.fault = () => 'limited';
  await assert.rejects(asked({ kind: 'standing' }), (error) => error instanceof SendError);
  assert.deepEqual(albums(), []);
  bench.fault = () => null;
  await asked({ kind: 'standing' });
  assert.equal(albums().length, 1);
});

test('files that are too large are asked for smaller, and nothing of them is seen', async () => {
  await delivered('wav');
  bench.limitBytes = 900;
  const report = await asked(NEEDED);
  assert.ok(report.state === 'files-needed');
  assert.equal(report.limitBytes, 900);
  assert.deepEqual(albums(), []);
  await asked({ kind: 'files', files: STEMS.map((name) => song(name, 'mp3', 300)) });
  assert.equal(albums().length, 1);
});

test('where there is nothing to make it of, that is said, once', async () => {
  await delivered('wav');
  for (let times = 0; times < 2; times += 1) await asked({ kind: 'nothing' });
  await asked(NEEDED);
  assert.deepEqual(albums(), [['no-album']]);
});

test('nobody gets an album of a job that has no card here, no result, or no stems to play', async () => {
  assert.deepEqual(await asked({ kind: 'standing' }), { state: 'settled' });
  await delivered('mp3');
  const result = exampleResult();
  const picked: JobOutcome = { state: 'done', reused: false, result: { ...result, mixed: stem('want-vocals') } };
  for (const outcome of [null, { state: 'cancelled' } as const, picked, doneWith([stem('vocals')])]) {
    bench.job = { ...bench.job, outcome };
    assert.deepEqual(await asked({ kind: 'standing' }), { state: 'settled' });
  }
  assert.deepEqual(albums(), []);
});

test('an album is of 2 to 10 stems that can be heard', () => {
  const names = (outcome: JobOutcome): readonly string[] | undefined => albumStems(outcome)?.map(({ name }) => name);
  const many = Array.from({ length: 11 }, (_, index) => stem(String(index)));
  assert.deepEqual(names(doneWith([stem('a'), stem('silent', null), stem('b')])), ['a', 'b']);
  assert.equal(names(doneWith(many.slice(1)))?.length, 10);
  for (const stems of [[stem('a')], [stem('a'), stem('silent', null)], many])
    assert.equal(names(doneWith(stems)), undefined);
});

test('60 albums while half of all calls fail: none twice', async () => {
  const random = seededRandom(11);
  let lost = 0;
  for (let run = 0; run < 60; run += 1) {
    const each = await albumBench();
    await delivered(run % 2 === 0 ? 'mp3' : 'wav', each);
    each.fault = () => {
      const drawn = random();
      return drawn < 0.15 ? 'limited' : drawn < 0.3 ? 'refused' : drawn < 0.5 ? 'done-then-lost' : null;
    };
    for (let tries = 0; tries < 4; tries += 1) {
      await each.restart();
      const report = await asked({ kind: 'standing' }, each).catch(() => null);
      if (report?.state === 'files-needed') await asked(NEEDED, each).catch(() => null);
    }
    assert.ok(albums(each).length <= 1, `run ${String(run)}`);
    lost += albums(each).length === 0 ? 1 : 0;
    await each.stop();
  }
  assert.ok(lost < 30, `${String(lost)} of 60 never came`);
});
