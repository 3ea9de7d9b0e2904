import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAudit } from '../../db/audit.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { addBand } from '../../db/test-library.ts';
import type { TestBand, TestSong } from '../../db/test-library.ts';
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
  readonly origin: string;
  readonly band: TestBand;
  readonly song: TestSong;
  readonly memberId: string;
  /** As a member of the band. */
  get(path: string, cookie?: string | null): Promise<Response>;
  post(path: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** In another band. */
  readonly stranger: string;
}

async function openScene(t: TestContext): Promise<Scene> {
  const server = await openLibrary(t, bench);
  const band = await addBand(bench.database, `Band ${randomUUID()}`);
  const { memberId, cookie } = await signIn(bench, server, band.id);
  const stranger = (await signIn(bench, server, (await addBand(bench.database)).id)).cookie;
  const { origin } = server;
  return {
    origin,
    band,
    song: await storeSong(bench, { chat: band.chat, title: 'Blue Train' }),
    memberId,
    stranger,
    async get(path, as = cookie) {
      return await fetch(`${origin}${path}`, { redirect: 'manual', headers: as === null ? {} : { Cookie: as } });
    },
    async post(path, form = {}, headers = {}) {
      return await fetch(`${origin}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { Cookie: cookie, Origin: origin, ...headers },
        body: new URLSearchParams(form),
      });
    },
  };
}

test('strangers are told what this is, and how to come in; members are led to their songs', async (t) => {
  const { get, band } = await openScene(t);
  const front = await get('/', null);
  assert.equal(front.status, 200);
  assert.match(await front.text(), /practice room[^]*href="\/sign-in"/u);
  const inside = await get('/');
  assert.deepEqual([inside.status, inside.headers.get('Location')], [303, '/library']);
  for (const path of ['/library', `/library?band=${band.id}`, '/library/jobs', `/library/songs/${randomUUID()}`]) {
    const answer = await get(path, null);
    assert.deepEqual([answer.status, answer.headers.get('Location')], [303, '/sign-in?return_to=library'], path);
  }
});

test('the library shows the songs of a band and of no other', async (t) => {
  const { get, band, song, stranger } = await openScene(t);
  const page = await get('/library');
  const text = await page.text();
  assert.equal(page.status, 200);
  assert.match(text, new RegExp(`href="/r/${song.recordingId}">Blue Train</a>`, 'u'));
  assert.match(text, /0:10[^]*vocals[^]*kept until/u);
  assert.match(page.headers.get('Content-Security-Policy') ?? '', /script-src 'self';/u);
  assert.match(page.headers.get('X-Robots-Tag') ?? '', /noindex/u);
  const theirs = await get('/library', stranger);
  assert.doesNotMatch(await theirs.text(), /Blue Train/u);
  for (const path of [`/library?band=${band.id}`, `/library/jobs?band=${band.id}`]) {
    assert.equal((await get(path, stranger)).status, 404, path);
  }
  for (const path of ['', '/delete']) {
    const answer = await get(`/library/songs/${song.recordingId}${path}`, stranger);
    assert.equal(answer.status, 404);
    assert.equal(await answer.text(), await (await get(`/library/songs/${randomUUID()}${path}`, stranger)).text());
  }
});

test('an empty library says how a song comes into it, and who has no band how to come into one', async (t) => {
  const server = await openLibrary(t, bench);
  const { cookie } = await signIn(bench, server, (await addBand(bench.database)).id);
  const { cookie: alone } = await signIn(bench, server);
  const ask = async (as: string): Promise<string> =>
    await (await fetch(`${server.origin}/library`, { headers: { Cookie: as } })).text();
  assert.match(await ask(cookie), /No songs yet[^]*\/split/u);
  assert.match(await ask(alone), /in no band yet/u);
});

test('a search works without a script, and keeps to itself while one pages', async (t) => {
  const { get, band } = await openScene(t);
  for (let index = 0; index < 30; index += 1)
    await storeSong(bench, { chat: band.chat, title: `Waltz ${String(index)}` });
  const titles = (text: string): string[] =>
    [...text.matchAll(/class="song-title"[^>]*>([^<]*)</gu)].map(([, title]) => title ?? '');
  assert.deepEqual(titles(await (await get('/library?q=bLuE')).text()), ['Blue Train']);
  assert.match(await (await get('/library?q=%3Cb%3Exyz')).text(), /No title has “&lt;b&gt;xyz” in it/u);
  const first = await (await get(`/library?band=${band.id}&q=waltz`)).text();
  const next = /rel="next" href="([^"]+)"/u.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = await (await get(next)).text();
  assert.equal(titles(first).length, 25);
  assert.deepEqual(
    [...titles(first), ...titles(second)],
    Array.from({ length: 30 }, (_, index) => `Waltz ${String(29 - index)}`),
  );
  assert.doesNotMatch(second, /rel="next"/u);
  assert.equal((await get(`/library?q=${'x'.repeat(3000)}`)).status, 200);
});

test('what runs is shown with how far it is, and what went wrong with what to do', async (t) => {
  const { get, band } = await openScene(t);
  const jobs = createJobs(bench.database);
  const running = await storeSong(bench, { chat: band.chat, title: 'Running', isRunning: true });
  const failed = await storeSong(bench, { chat: band.chat, title: 'Failed', isRunning: true });
  await jobs.report({ jobId: running.jobId, stage: 'separate', fraction: 0.25 });
  await jobs.end(failed.jobId, { state: 'failed', failure: { code: 'out-of-memory', facts: {} } });
  const page = await (await get('/library')).text();
  assert.match(page, /Under way[^]*Running[^]*value="25"[^]*taking it apart/u);
  assert.match(page, /data-running/u);
  const list = await (await get(`/library/jobs?band=${band.id}`)).text();
  assert.match(list, new RegExp(`went wrong[^]*out of memory[^]*/retry ${failed.code}`, 'u'));
});

test('a song is renamed in place, and the page goes back to it', async (t) => {
  const { get, post, song, band } = await openScene(t);
  const path = `/library/songs/${song.recordingId}`;
  const renamed = await post(`${path}/rename`, { title: ' Giant\u202E Steps ', from: 'library' });
  assert.equal(renamed.status, 303);
  assert.equal(renamed.headers.get('Location'), `/library?band=${band.id}#song-${song.recordingId}`);
  assert.match(await (await get('/library')).text(), />Giant Steps</u);
  const fromSong = await post(`${path}/rename`, { title: 'Naima', from: 'song' });
  assert.equal(fromSong.headers.get('Location'), path);
  assert.equal((await post(`${path}/rename`, { title: '  ' })).status, 400);
  assert.equal((await post(`/library/songs/${randomUUID()}/rename`, { title: 'x' })).status, 404);
});

test('a song is deleted after a question, never by looking', async (t) => {
  const { get, post, song, band } = await openScene(t);
  const path = `/library/songs/${song.recordingId}/delete`;
  assert.match(await (await get(path)).text(), /Delete “Blue Train”\?[^]*Delete for good/u);
  assert.equal((await get('/library')).status, 200);
  assert.match(await (await get('/library')).text(), /Blue Train/u);
  const running = await storeSong(bench, { chat: band.chat, title: 'Busy', isRunning: true });
  const refused = await post(`/library/songs/${running.recordingId}/delete`);
  assert.equal(refused.status, 409);
  assert.match(await refused.text(), /A job works on this song/u);
  const deleted = await post(path);
  assert.deepEqual([deleted.status, deleted.headers.get('Location')], [303, `/library?band=${band.id}`]);
  assert.doesNotMatch(await (await get('/library')).text(), /Blue Train/u);
  assert.equal((await post(path)).status, 404);
});

test('what changes something comes from our own pages, by a member of the band, or changes nothing', async (t) => {
  const { post, get, song, stranger } = await openScene(t);
  const made = await post(`/library/songs/${song.recordingId}/shares`, { days: '7' });
  const shareId = /\/library\/shares\/([0-9a-f-]{36})\/revoke/u.exec(await made.text())?.[1] ?? '';
  const changes: readonly (readonly [path: string, form: Record<string, string>])[] = [
    [`/library/songs/${song.recordingId}/rename`, { title: 'Taken' }],
    [`/library/songs/${song.recordingId}/delete`, {}],
    [`/library/songs/${song.recordingId}/shares`, {}],
    [`/library/shares/${shareId}/revoke`, {}],
  ];
  const wrong: readonly (readonly [status: number, headers: Record<string, string>])[] = [
    [403, { Origin: 'https://elsewhere.example' }],
    [403, { Origin: 'null' }],
    [403, { 'Sec-Fetch-Site': 'cross-site' }],
    [401, { Cookie: '' }],
    [401, { Cookie: `session=${'a'.repeat(40)}` }],
    [404, { Cookie: stranger }],
  ];
  for (const [path, form] of changes) {
    for (const [status, headers] of wrong) {
      assert.equal((await post(path, form, headers)).status, status, `${path} ${JSON.stringify(headers)}`);
    }
    const got = await get(path);
    assert.ok(got.status === 404 || path.endsWith('/delete'), `${path} by GET: ${String(got.status)}`);
  }
  const page = await (await get(`/library/songs/${song.recordingId}`)).text();
  assert.match(page, /<h1>Blue Train<\/h1>/u);
  assert.ok(page.includes(shareId));
  assert.equal([...page.matchAll(/\/revoke"/gu)].length, 1);
});

test('a shared link is told once, listed, and revoked', async (t) => {
  const { post, get, song, origin, memberId } = await openScene(t);
  const path = `/library/songs/${song.recordingId}`;
  const made = await post(`${path}/shares`, { days: '', title: 'yes' });
  const text = await made.text();
  const link = /value="(http[^"]+)"/u.exec(text)?.[1] ?? '';
  assert.match(link, new RegExp(`^${origin}/s/[\\w-]{43}$`, 'u'));
  assert.equal(made.headers.get('Cache-Control'), 'private, no-store');
  const again = await (await get(path)).text();
  assert.ok(!again.includes(link.split('/').at(-1) ?? ''), 'shown once');
  assert.match(again, /Made by Robin[^]*no end[^]*previews show the title/u);
  const revoke = /action="([^"]+\/revoke)"/u.exec(again)?.[1] ?? '';
  const revoked = await post(revoke);
  assert.deepEqual([revoked.status, revoked.headers.get('Location')], [303, `${path}#sharing`]);
  assert.doesNotMatch(await (await get(path)).text(), /Made by Robin/u);
  const kinds = (await createAudit(bench.database).list(50)).filter((entry) => entry.memberId === memberId);
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['share.revoked', 'share.made'],
  );
});
