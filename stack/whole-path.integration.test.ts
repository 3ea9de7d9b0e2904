/** Requests as a script makes them: answered again, refused, cancelled, visited, side by side. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { countRows, type } from './guest.test-kit.ts';
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

let place: Place;
let short = '';
let long = '';

before(async () => {
  place = await createPlace();
  [short, long] = await Promise.all([
    makeSong(join(place.folder, 'short.flac'), { seconds: 20 }),
    makeSong(join(place.folder, 'long.wav'), { seconds: 200, gainDb: -1 }),
  ]);
});
after(async () => await place.remove());

function isPublished(at: Place): true | null {
  return existsSync(join(at.data, 'stack.json')) ? true : null;
}

test('nobody but the owner may look into the data', async () => {
  const { code, json, run } = await split(place, short, 'vocals', '--strategy', 'vocals', '--format', 'wav');
  assert.deepEqual([code, json.status, json.reused], [0, 'done', false], run.stderr.join('\n'));
  for (const part of ['', 'blobs', 'tmp', 'logs', 'postgres', 'temporal']) {
    // oxlint-disable-next-line no-bitwise -- the file mode is a bit set
    assert.equal(statSync(join(place.data, part)).mode & 0o077, 0, part);
  }
  assert.deepEqual(readdirSync(join(place.data, 'tmp')), []);
  assert.deepEqual(await run.family.survivors(), []);
});

test('the same bytes are answered at once, in another format by encoding alone, and a strategy goes on from a shared node', async (t) => {
  const first = await hashesIn(join(place.folder, 'vocals'));
  const workOf = (): number => gpuWorkerLog(place).filter(({ msg }) => msg === 'chunk computed').length;
  const computedFirst = workOf();
  // The name plays no part, the bytes do; three at once on one folder: one has the stack, two visit it.
  const renamed = join(place.folder, 'other name.flac');
  writeFileSync(renamed, await readFile(short));
  const [again, asFlac, band] = await Promise.all([
    split(place, renamed, 'again', '--strategy', 'vocals', '--format', 'wav'),
    split(place, short, 'flac', '--strategy', 'vocals', '--format', 'flac'),
    split(place, short, 'band', '--strategy', 'band', '--format', 'wav'),
  ]);
  for (const { code, json, run } of [again, asFlac, band]) {
    assert.deepEqual([code, json.status], [0, 'done'], run.stderr.join('\n'));
    t.diagnostic(
      `${json.stems.map(({ file }) => file.slice(place.folder.length)).join(' ')}: ${String(json.seconds)} s`,
    );
  }
  assert.deepEqual([again.json.reused, asFlac.json.reused, band.json.reused], [true, true, false]);
  const { 'metadata.json': _own, ...stems } = first;
  for (const [name, hash] of Object.entries(stems)) {
    assert.equal((await hashesIn(join(place.folder, 'again')))[name], hash, name);
  }
  assert.deepEqual(readdirSync(join(place.folder, 'flac')).filter((name) => name.endsWith('.flac')).length, 3);
  assert.deepEqual(
    band.json.stems.map(({ name }) => name),
    ['vocals', 'bass', 'other'],
  );
  // The band's vocals are those of the first strategy: its network has not run again.
  assert.equal((await hashesIn(join(place.folder, 'band')))['vocals.wav'], first['vocals.wav']);
  const network = new Set(
    chunksLogged(place, 'chunk computed')
      .slice(0, computedFirst)
      .map((chunk) => chunk.split('/')[0]),
  );
  const nodesAfter = chunksLogged(place, 'chunk computed')
    .slice(computedFirst)
    .map((chunk) => chunk.split('/')[0]);
  assert.equal(network.size, 1);
  assert.ok(nodesAfter.length > 0);
  assert.ok(nodesAfter.every((node) => !network.has(node)));
});

test('a cancelled job stops computing, says so once, and leaves its chunks to the next', async (t) => {
  const run = await woodshed(place, 'split', long, '--out', 'cancelled', '--json', '--strategy', 'vocals');
  const storedBefore = chunksLogged(place, 'chunk stored').length;
  await until(run, 'three chunks', () =>
    chunksLogged(place, 'chunk stored').length >= storedBefore + 3 ? true : null,
  );
  const askedAt = Date.now();
  const [answer] = await type(place, 'cancel');
  assert.match(answer ?? '', /^Stopping [0-9A-Z]{6}\.$/u);
  const { code, json } = await run.result();
  assert.deepEqual([code, json.status, json.code], [1, 'failed', 'cancelled']);
  const last = gpuWorkerLog(place).findLast(({ msg }) => msg === 'chunk computed');
  t.diagnostic(`computed last ${((last?.time ?? 0) - askedAt) / 1000} s after it was cancelled`);
  const states = (await transcriptOf(place)).flatMap((entry) =>
    entry.kind === 'file' || entry.card.code !== json.job ? [] : entry.card.state,
  );
  assert.equal(states.filter((state) => state === 'cancelled').length, 1);
  assert.equal(states.at(-1), 'cancelled');
  assert.equal(existsSync(join(place.folder, 'cancelled')), false);
  assert.deepEqual(readdirSync(join(place.data, 'tmp')), []);
  assert.deepEqual(await run.family.survivors(), []);

  const kept = blobsOf(place, 'chunks').map((path) => path.split('/').at(-1));
  assert.ok(kept.length >= 3);
  const computed = chunksLogged(place, 'chunk computed').length;
  const next = await split(place, long, 'next', '--strategy', 'vocals', '--format', 'opus');
  assert.deepEqual([next.code, next.json.status], [0, 'done'], next.run.stderr.join('\n'));
  const names = chunksLogged(place, 'chunk computed')
    .slice(computed)
    .map((chunk) => chunk.split('/')[1]);
  assert.deepEqual(
    names.filter((name) => kept.includes(name)),
    [],
  );
  assert.deepEqual(blobsOf(place, 'chunks'), []);
});

test('a visitor whose stack is killed takes it over and gets its own stems', async () => {
  const other = await createPlace();
  try {
    const owner = await woodshed(other, 'split', long, '--out', 'owner', '--json', '--strategy', 'vocals');
    await until(owner, 'a stack', () => isPublished(other));
    const guest = await woodshed(other, 'split', short, '--out', 'guest', '--json', '--format', 'wav');
    await until(owner, "the owner's and the guest's job", async () => {
      const posts = (await transcriptOf(other)).filter(({ kind }) => kind === 'post');
      return posts.length === 2 && chunksLogged(other, 'chunk stored').length > 0 ? true : null;
    });
    assert.equal(guest.family.pidOf('gpu-worker/main.ts'), null, 'a visitor starts nothing');
    owner.family.killAll();
    const { code, json } = await guest.result();
    assert.deepEqual([code, json.status], [0, 'done'], guest.stderr.join('\n'));
    const { 'metadata.json': _own, ...stems } = await hashesIn(join(place.folder, 'vocals'));
    const { 'metadata.json': _other, ...same } = await hashesIn(join(other.folder, 'guest'));
    assert.deepEqual(same, stems);
    assert.deepEqual([...(await owner.family.survivors()), ...(await guest.family.survivors())], []);
  } finally {
    await other.remove();
  }
});

test('what is not a song is refused in one sentence and leaves nothing, here and in a folder beside it', async () => {
  // Root's own folder is one that nobody else may enter, a database server without rights included.
  const other = await createPlace(userInfo().uid === 0 ? homedir() : tmpdir());
  try {
    const text = join(place.folder, 'notes.mp3');
    writeFileSync(text, 'Chorus twice, then the bridge.\n'.repeat(500));
    const holder = await woodshed(other, 'split', short, '--out', 'held', '--json', '--strategy', 'band');
    const cases = [
      { song: text, options: [], code: 'not-audio' },
      { song: join(place.folder, 'nowhere.wav'), options: [], code: 'file-missing' },
      { song: place.folder, options: [], code: 'not-audio' },
      { song: short, options: ['--strategy', 'choir'], code: 'unknown-strategy' },
      { song: short, options: ['--format', 'midi'], code: 'option-invalid' },
    ];
    const entriesBefore = readdirSync(place.folder).length;
    const refused = await Promise.all(
      cases.map(async ({ song, options }, index) => await split(place, song, `refused-${String(index)}`, ...options)),
    );
    assert.equal(readdirSync(place.folder).length, entriesBefore, 'no folder was made');
    for (const [index, { code, json, run }] of refused.entries()) {
      assert.deepEqual([code, json.status, json.code], [2, 'refused', cases[index]?.code], run.stderr.join('\n'));
      assert.match(json.message ?? '', /^[A-Z][^\n]+\.$/u);
      assert.deepEqual(json.stems, []);
      assert.deepEqual(await run.family.survivors(), []);
    }
    assert.deepEqual(readdirSync(join(place.data, 'tmp')), []);
    const { code, json } = await holder.result();
    assert.deepEqual([code, json.status], [0, 'done'], holder.stderr.join('\n'));
  } finally {
    await other.remove();
  }
});

test('a refused song leaves no rows, and the same stack takes the next song apart', async () => {
  const other = await createPlace();
  try {
    const text = join(other.folder, 'notes.flac');
    writeFileSync(text, 'Chorus twice, then the bridge.\n'.repeat(500));
    const owner = await woodshed(other, 'split', long, '--out', 'long', '--json', '--strategy', 'vocals');
    await until(owner, 'a chunk', () => (chunksLogged(other, 'chunk stored').length > 0 ? true : null));
    const tables = ['recording', 'separation', 'stem'];
    const rowsBefore = await countRows(other, tables);
    const refused = await split(other, text, 'notes');
    assert.deepEqual([refused.code, refused.json.code], [2, 'not-audio']);
    assert.deepEqual(await countRows(other, tables), rowsBefore);
    const next = await split(other, short, 'short', '--format', 'wav');
    assert.deepEqual([next.code, next.json.status], [0, 'done'], next.run.stderr.join('\n'));
    const { code, json } = await owner.result();
    assert.deepEqual([code, json.status], [0, 'done'], owner.stderr.join('\n'));
    assert.deepEqual(await owner.family.survivors(), []);
  } finally {
    await other.remove();
  }
});
