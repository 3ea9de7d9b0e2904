/** Who may see tabs and files of sheets, over real HTTP. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createRecordingShares } from '../../db/recording-shares.repository.ts';
import { createRecordingSheets, newestOf } from '../../db/recording-sheets.repository.ts';
import { addBand, addMember } from '../../db/test-library.ts';
import { openMixerBench } from '../mixer/mixer.test-kit.ts';
import type { MixerBench, TestSong } from '../mixer/mixer.test-kit.ts';
import { addAnalysis, addTab, EXAMPLE_ANALYSIS, EXAMPLE_RHYTHM, exampleGuitar, heardNote } from './tab.test-kit.ts';

let bench: MixerBench;
let song: TestSong;
let tabId: string;

before(async () => {
  bench = await openMixerBench();
  song = await bench.addSong({
    title: 'Back Porch Take',
    stems: [{ name: 'guitar', samples: new Float32Array(88_200) }],
  });
  await addAnalysis(bench, song, EXAMPLE_ANALYSIS);
  await addTab(bench, song, { analysis: EXAMPLE_ANALYSIS, notes: [heardNote(3, 33)], part: 'bass' });
  await addTab(bench, song, { analysis: EXAMPLE_ANALYSIS, notes: exampleGuitar() });
  const viewer = { memberId: bench.memberId, shareId: null };
  tabId = newestOf(await createRecordingSheets(bench.database).list(viewer, song.recordingId), 'tab')?.id ?? '';
});
after(async () => await bench.close());

/** All that there is of tabs, of a recording. */
function pathsOf(recordingId: string): string[] {
  return [
    'tab',
    'tab?part=bass',
    `tab?tab=${tabId}`,
    'tab.json',
    `sheets/${tabId}/tab.gp`,
    `sheets/${tabId}/tab.png`,
  ].map((path) => `/r/${recordingId}/${path}`);
}

test('whoever is not of the band gets the answer that they get for nothing at all', async (t) => {
  const server = await bench.serve(t);
  const other = await server.signIn(await addMember(bench.client, (await addBand(bench.database)).id));
  for (const cookie of [other, 'none=none']) {
    const [theirs, nothing] = [pathsOf(song.recordingId), pathsOf(randomUUID())];
    for (const [index, path] of theirs.entries()) {
      const [found, none] = (await Promise.all(
        [path, nothing[index] ?? ''].map(
          async (each) => await fetch(`${server.origin}${each}`, { headers: { cookie } }),
        ),
      )) as [Response, Response];
      assert.equal(found.status, 404, path);
      assert.equal(await found.text(), await none.text(), path);
    }
  }
});

test('members get the tab, its bars and every file of it; the files are audited, and pictures are not', async (t) => {
  const server = await bench.serve(t);
  const headers = { cookie: await server.signIn(bench.memberId) };
  const ask = async (path: string): Promise<Response> => await fetch(`${server.origin}${path}`, { headers });
  for (const path of pathsOf(song.recordingId)) assert.equal((await ask(path)).status, 200, path);
  const bass = await (await ask(`/r/${song.recordingId}/tab?part=bass`)).text();
  assert.match(bass, /Bass · full · bass-standard · 96 BPM/u);
  const newest = await (await ask(`/r/${song.recordingId}/tab`)).text();
  assert.match(newest, /Guitar · full · standard/u);
  const { barsSeconds, firstBarNumber, score } = (await (await ask(`/r/${song.recordingId}/tab.json`)).json()) as {
    barsSeconds: number[];
    firstBarNumber: number;
    score: string;
  };
  assert.deepEqual(
    barsSeconds.slice(0, 3).map((seconds) => seconds.toFixed(4)),
    ['0.0000', '2.5000', '5.0000'],
  );
  assert.equal(firstBarNumber, 1);
  assert.equal(Buffer.from(score, 'base64').toString('latin1', 0, 2), 'PK');
  const file = await ask(`/r/${song.recordingId}/sheets/${tabId}/tab.mid`);
  assert.match(file.headers.get('content-disposition') ?? '', /^attachment; .*Back%20Porch%20Take%20%28tab%29\.mid$/u);
  assert.equal(Buffer.from(await file.arrayBuffer()).toString('latin1', 0, 4), 'MThd');
  for (const path of [`sheets/${tabId}/other.mid`, `sheets/${randomUUID()}/tab.mid`, 'sheets/none/tab.mid']) {
    assert.equal((await ask(`/r/${song.recordingId}/${path}`)).status, 404, path);
  }
  const { rows } = await bench.client.query<{ format: string }>(
    `select facts ->> 'format' as format from audit_event where facts ->> 'sheetId' = $1 order by 1`,
    [tabId],
  );
  assert.deepEqual(
    rows.map(({ format }) => format),
    ['tab.gp', 'tab.mid'],
  );
});

test('the player is told the beats of the analysis; by a shared link too, which leads to no tab', async (t) => {
  const server = await bench.serve(t);
  const link = await createRecordingShares(bench.database).make(bench.memberId, song.recordingId, {
    endsAt: null,
    showsTitle: false,
  });
  const shared = `/s/${link?.token ?? ''}`;
  const cookie = await server.signIn(bench.memberId);
  for (const [path, headers] of [
    [`/r/${song.recordingId}`, { cookie }],
    [shared, {}],
  ] as const) {
    // Being asked for, it is made.
    await fetch(`${server.origin}${path}/player.json`, { headers });
    const player = (await (await fetch(`${server.origin}${path}/player.json`, { headers })).json()) as {
      state: string;
      beatsSeconds: number[];
      downbeatsSeconds: number[];
      sections: { name: string }[];
    };
    assert.equal(player.state, 'made');
    assert.deepEqual(player.beatsSeconds, EXAMPLE_RHYTHM.beatsSeconds);
    assert.deepEqual(player.downbeatsSeconds, EXAMPLE_RHYTHM.downbeatsSeconds);
    assert.deepEqual(
      player.sections.map(({ name }) => name),
      ['intro', 'verse', 'verse'],
    );
  }
  for (const path of ['tab', 'tab.json', `sheets/${tabId}/tab.gp`]) {
    assert.equal((await fetch(`${server.origin}${shared}/${path}`)).status, 404, path);
  }
});
