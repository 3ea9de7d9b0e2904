import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { fromBufferPromise } from 'yauzl';
import { createAudit } from '../../db/audit.repository.ts';
import { createBandLibrary } from '../../db/band-library.repository.ts';
import { createRecordingShares } from '../../db/recording-shares.repository.ts';
import { addBand } from '../../db/test-library.ts';
import type { TestSong } from '../../db/test-library.ts';
import { openLibrary, openLibraryBench, signIn, storeSong } from './library.test-kit.ts';
import type { LibraryBench } from './library.test-kit.ts';

let bench: LibraryBench;
before(async () => {
  bench = await openLibraryBench();
});
after(async () => {
  await bench.close();
});

interface Scene {
  readonly song: TestSong;
  readonly memberId: string;
  readonly separationId: string;
  readonly cookie: string;
  readonly stranger: string;
  /** `/r/<id>` */
  readonly base: string;
  ask(path: string, headers?: Record<string, string>, method?: string): Promise<Response>;
}

async function openScene(t: TestContext, title = 'AC/DC: "Über <b>alles</b>"'): Promise<Scene> {
  const server = await openLibrary(t, bench);
  const band = await addBand(bench.database);
  const song = await storeSong(bench, { chat: band.chat, title });
  const { memberId, cookie } = await signIn(bench, server, band.id);
  const { cookie: stranger } = await signIn(bench, server, (await addBand(bench.database)).id);
  const view = await createBandLibrary(bench.database).recordingFor(memberId, song.recordingId);
  return {
    song,
    memberId,
    separationId: view?.separations[0]?.id ?? '',
    cookie,
    stranger,
    base: `/r/${song.recordingId}`,
    ask: async (path, headers = { Cookie: cookie }, method = 'GET') =>
      await fetch(`${server.origin}${path}`, { method, headers, redirect: 'manual' }),
  };
}

async function exportsOf(recordingId: string): Promise<unknown[]> {
  const noted = await createAudit(bench.database).list(200);
  return noted.filter(({ kind, facts }) => kind === 'recording.exported' && facts?.['recordingId'] === recordingId);
}

async function unzip(bytes: Uint8Array): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(Buffer.from(bytes));
  const found = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    found.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return found;
}

test('one stem is taken home in a format in which it is kept, under a name that says what it is', async (t) => {
  const { ask, base, separationId, song } = await openScene(t);
  const opus = await ask(`${base}/files/${separationId}/vocals.opus`);
  assert.equal(opus.status, 200);
  const blob = song.result.files.find(({ fileName }) => fileName === 'vocals.opus')?.blob;
  assert.equal(await opus.text(), blob?.key);
  assert.equal(opus.headers.get('Content-Type'), 'audio/ogg; codecs=opus');
  assert.equal(opus.headers.get('ETag'), `"${blob?.sha256 ?? ''}"`);
  const disposition = decodeURIComponent(opus.headers.get('Content-Disposition') ?? '');
  assert.match(
    disposition,
    /^attachment; filename="[\w. -]+\.opus"; filename\*=UTF-8''AC DC Über b alles b \(vocals\)\.opus$/u,
  );
  const wav = await ask(`${base}/files/${separationId}/residual.wav`);
  assert.equal(await wav.text(), song.result.finished.residual.pcm.key);
  for (const none of ['vocals.mp3', 'residual.opus', 'metadata.json', '..%2Fvocals.wav', 'vocals', 'VOCALS.wav']) {
    assert.equal((await ask(`${base}/files/${separationId}/${none}`)).status, 404, none);
  }
  assert.equal((await ask(`${base}/files/${randomUUID()}/vocals.wav`)).status, 404);
});

test('a download goes on where it stopped, and is noted once', async (t) => {
  const { ask, base, separationId, song, cookie, memberId } = await openScene(t);
  const path = `${base}/files/${separationId}/vocals.wav`;
  const whole = await (await ask(path)).text();
  const rest = await ask(path, { Cookie: cookie, Range: 'bytes=5-' });
  assert.deepEqual([rest.status, await rest.text()], [206, whole.slice(5)]);
  const head = await ask(path, { Cookie: cookie }, 'HEAD');
  assert.deepEqual(
    [head.status, head.headers.get('Content-Length'), await head.text()],
    [200, String(whole.length), ''],
  );
  const noted = await exportsOf(song.recordingId);
  assert.equal(noted.length, 1);
  assert.deepEqual((noted[0] as { memberId: string; facts: object }).memberId, memberId);
  assert.deepEqual((noted[0] as { facts: object }).facts, {
    recordingId: song.recordingId,
    separationId,
    format: 'wav',
    shareId: null,
  });
});

test('all stems come as one ZIP, of a length that is known before', async (t) => {
  const { ask, base, separationId, song } = await openScene(t);
  const answer = await ask(`${base}/zip/${separationId}/wav`);
  assert.deepEqual([answer.status, answer.headers.get('Content-Type')], [200, 'application/zip']);
  const bytes = await answer.bytes();
  assert.equal(Number(answer.headers.get('Content-Length')), bytes.length);
  assert.match(answer.headers.get('Content-Disposition') ?? '', /_vocals_ wav_\.zip"/u);
  const { stems, residual } = song.result.finished;
  assert.deepEqual(
    [...(await unzip(bytes))],
    [...stems, residual].map(({ name, pcm }) => [`${name}.wav`, pcm.key]),
  );
  const head = await ask(`${base}/zip/${separationId}/wav`, undefined, 'HEAD');
  assert.equal(Number(head.headers.get('Content-Length')), bytes.length);
  assert.equal((await exportsOf(song.recordingId)).length, 1);
  assert.deepEqual(
    [...(await unzip(await (await ask(`${base}/zip/${separationId}/opus`)).bytes())).keys()],
    ['vocals.opus'],
  );
  for (const none of ['mp3', 'flac', 'json', 'WAV', '']) {
    assert.equal((await ask(`${base}/zip/${separationId}/${none}`)).status, 404, none);
  }
});

test('what is not kept any more is said to be so, before anything is sent', async (t) => {
  const { ask, base, separationId, song } = await openScene(t);
  await bench.blobs.delete(song.result.finished.stems[1]?.pcm.key ?? '');
  for (const path of [`zip/${separationId}/wav`, `files/${separationId}/accompaniment.wav`]) {
    const gone = await ask(`${base}/${path}`);
    assert.equal(gone.status, 410, path);
    assert.match(await gone.text(), /not kept any more/u);
  }
  assert.equal((await ask(`${base}/files/${separationId}/vocals.wav`)).status, 200);
});

test('strangers, other bands and wrong links get the same nothing', async (t) => {
  const { ask, base, separationId, stranger, song } = await openScene(t);
  const nothing = await (await ask('/nothing', {})).text();
  for (const [headers, who] of [
    [{}, 'a stranger'],
    [{ Cookie: stranger }, 'another band'],
  ] as const) {
    const theirNothing = await (await ask('/nothing', headers)).text();
    for (const path of [
      `${base}/files/${separationId}/vocals.wav`,
      `${base}/zip/${separationId}/wav`,
      `${base}/waveforms/${separationId}/vocals.png`,
      `/s/${'a'.repeat(43)}/zip/${separationId}/wav`,
      `/s/${song.recordingId}/files/${separationId}/vocals.wav`,
    ]) {
      const answer = await ask(path, headers);
      assert.deepEqual([answer.status, await answer.text()], [404, theirNothing], `${who}: ${path}`);
    }
  }
  assert.match(nothing, /nothing here/iu);
});

test('whoever has a shared link takes this song home, until it is revoked, and no other song', async (t) => {
  const { ask, separationId, song, memberId } = await openScene(t);
  const shares = createRecordingShares(bench.database);
  const made = await shares.make(memberId, song.recordingId, { endsAt: null, showsTitle: false });
  assert.ok(made !== null);
  const base = `/s/${made.token}`;
  const paths = [
    `${base}/files/${separationId}/vocals.wav`,
    `${base}/zip/${separationId}/wav`,
    `${base}/waveforms/${separationId}/vocals.png`,
  ];
  for (const path of paths) assert.equal((await ask(path, {})).status, 200, path);
  const noted = (await exportsOf(song.recordingId)) as { memberId: string | null; facts: { shareId: string } }[];
  assert.deepEqual(
    noted.map(({ memberId: who, facts }) => [who, facts.shareId]),
    [
      [null, made.id],
      [null, made.id],
    ],
  );
  const other = await openScene(t);
  assert.equal((await ask(`${base}/zip/${other.separationId}/wav`, {})).status, 404);
  await shares.revoke(memberId, made.id);
  for (const path of paths) assert.equal((await ask(path, {})).status, 404, path);
});

test('pictures of stems are shown to whoever may see the song', async (t) => {
  const { ask, base, separationId, song } = await openScene(t);
  const picture = await ask(`${base}/waveforms/${separationId}/vocals.png`);
  assert.deepEqual([picture.status, picture.headers.get('Content-Type')], [200, 'image/png']);
  const key = song.result.finished.stems[0]?.waveform.key ?? '';
  assert.equal(
    createHash('sha256')
      .update(await picture.bytes())
      .digest('hex'),
    createHash('sha256').update(key).digest('hex'),
  );
  assert.deepEqual(await exportsOf(song.recordingId), []);
});
