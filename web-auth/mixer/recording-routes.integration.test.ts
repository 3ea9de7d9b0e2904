/** The mixer's routes over real HTTP: who may look, ranges of audio, progress, exports. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAudit } from '../../db/audit.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { addBand, addMember } from '../../db/test-library.ts';
import { createRecordingShares } from '../../db/recording-shares.repository.ts';
import { createRenderings } from '../../db/renderings.repository.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { openMixerBench } from './mixer.test-kit.ts';
import type { MixerBench, TestSong, TestStem } from './mixer.test-kit.ts';

const RATE_HZ = 44_100;

function stems(seconds: number): TestStem[] {
  return ['vocals', 'drums', 'residual'].map((name, index) => {
    const random = seededRandom(index + 1);
    return {
      name,
      samples: Float32Array.from({ length: seconds * RATE_HZ * 2 }, () => (random() - 0.5) / (1 + index * 4)),
    };
  });
}

let bench: MixerBench;
let song: TestSong;
before(async () => {
  bench = await openMixerBench();
  song = await bench.addSong({ stems: stems(9), title: 'Blue <i>Train</i> / live' });
});
after(async () => {
  await bench.close();
});

interface Visit {
  readonly origin: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

async function visit(
  t: TestContext,
  member: string | null,
  parts: Parameters<MixerBench['serve']>[1] = {},
): Promise<Visit> {
  const server = await bench.serve(t, parts);
  const cookie = member === null ? {} : { Cookie: await server.signIn(member) };
  const { origin } = server;
  return {
    origin,
    get: async (path, headers = {}) => await fetch(`${origin}${path}`, { headers: { ...cookie, ...headers } }),
    post: async (path, body, headers = {}) =>
      await fetch(`${origin}${path}`, {
        method: 'POST',
        headers: { ...cookie, Origin: origin, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}

interface PlayerAnswer {
  readonly state: string;
  readonly samples: number;
  readonly stems: readonly { readonly name: string; readonly audio: string; readonly offsets: readonly number[] }[];
}

/** What the stream tells, until it ends or `enough` of it was heard. */
async function eventsOf(
  answer: Response,
  enough: (events: readonly string[]) => boolean = () => false,
): Promise<string[]> {
  const events: string[] = [];
  let text = '';
  for await (const piece of (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += piece;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    events.push(...parts);
    if (enough(events)) break;
  }
  return events;
}

function statesOf(events: readonly string[]): {
  player: { state: string } | null;
  mix: { state: string; href: string | null } | null;
  jobs: { state: string; fraction: number }[];
}[] {
  return events
    .filter((event) => event.startsWith('event: state') || event.includes('\nevent: state'))
    .map((event) => JSON.parse(/^data: (.*)$/mu.exec(event)?.[1] ?? '') as never);
}

test('strangers, members of other bands and the curious find nothing, below any path', async (t) => {
  const other = await addMember(bench.client, (await addBand(bench.database)).id);
  for (const member of [null, other]) {
    const { get, post } = await visit(t, member);
    for (const path of ['', '/player.json', '/audio/vocals', '/events']) {
      assert.equal((await get(`/r/${song.recordingId}${path}`)).status, 404, path);
    }
    assert.equal((await post(`/r/${song.recordingId}/export`, { gains: { vocals: 1 }, format: 'flac' })).status, 404);
  }
  const { get } = await visit(t, bench.memberId);
  for (const id of ['nothing', '00000000-0000-0000-0000-000000000000', `${song.recordingId}'`]) {
    assert.equal((await get(`/r/${encodeURIComponent(id)}`)).status, 404, id);
  }
  const { rows } = await bench.client.query('select from rendering');
  assert.equal(rows.length, 0, 'nobody but a member has anything begun');
});

test('the first look has the player made; the page escapes what it shows', async (t) => {
  const started: string[] = [];
  const { get } = await visit(t, bench.memberId, { startRendering: async (id) => void started.push(id) });
  const page = await get(`/r/${song.recordingId}`);
  assert.equal(page.status, 200);
  const html = await page.text();
  assert.ok(html.includes('Blue &lt;i&gt;Train&lt;/i&gt;') && !html.includes('<i>Train'));
  assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self' 'wasm-unsafe-eval';/u);
  assert.doesNotMatch(html, / style=|<script(?![^>]*src=)/u);
  assert.equal(started.length, 1);
  const answer = (await (await get(`/r/${song.recordingId}/player.json`)).json()) as PlayerAnswer;
  assert.equal(answer.state, 'making');
  await bench.make(started[0] ?? '');
  const made = (await (await get(`/r/${song.recordingId}/player.json`)).json()) as PlayerAnswer;
  assert.deepEqual(
    [made.state, made.samples, made.stems.map(({ name }) => name)],
    ['made', 9 * RATE_HZ, ['vocals', 'drums', 'residual']],
  );
  assert.doesNotMatch(JSON.stringify(made), /player\/|sha256/u, 'keys of blobs stay here');
});

test('audio comes in ranges, and may be kept', async (t) => {
  const { get } = await visit(t, bench.memberId);
  const { stems: found } = (await (await get(`/r/${song.recordingId}/player.json`)).json()) as PlayerAnswer;
  const [{ audio, offsets }] = found as [PlayerAnswer['stems'][0]];
  const whole = Buffer.from(await (await get(audio)).arrayBuffer());
  assert.equal(whole.length, offsets.at(-1));
  const [from, to] = [Number(offsets[1]), Number(offsets[2])];
  const part = await get(audio, { Range: `bytes=${from}-${to - 1}` });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes ${from}-${to - 1}/${whole.length}`);
  assert.equal(part.headers.get('content-length'), String(to - from));
  assert.match(part.headers.get('cache-control') ?? '', /private, max-age=\d+, immutable/u);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(from, to));
  assert.equal(whole.subarray(from, from + 4).toString(), 'fLaC');
  const beyond = await get(audio, { Range: `bytes=${whole.length}-` });
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${whole.length}`]);
  assert.equal((await get(audio.replace('vocals', 'nobody'))).status, 404);
});

test('a link that is shared plays, exports nothing, and ends when it is revoked', async (t) => {
  const shares = createRecordingShares(bench.database);
  const made = await shares.make(bench.memberId, song.recordingId, { endsAt: null, showsTitle: false });
  assert.ok(made !== null);
  const { get, post } = await visit(t, null);
  const base = `/s/${made.token}`;
  assert.doesNotMatch(await (await get(base)).text(), /id="export"|The Back Porch/u);
  const { stems: found } = (await (await get(`${base}/player.json`)).json()) as PlayerAnswer;
  const audio = found[0]?.audio ?? '';
  assert.ok(audio.startsWith(`${base}/audio/`));
  assert.equal((await get(audio, { Range: 'bytes=0-9' })).status, 206);
  assert.equal((await post(`${base}/export`, { gains: { vocals: 1 }, format: 'flac' })).status, 403);
  await shares.revoke(bench.memberId, made.id);
  for (const path of [base, `${base}/player.json`, audio]) assert.equal((await get(path)).status, 404);
});

test('events tell how far the player is until it is there, and nothing twice', async (t) => {
  const other = await bench.addSong({ stems: stems(2) });
  let id = '';
  const { get } = await visit(t, bench.memberId, { startRendering: async (rendering) => void (id = rendering) });
  const stream = await get(`/r/${other.recordingId}/events`);
  assert.equal(stream.headers.get('content-type'), 'text/event-stream');
  await createJobs(bench.database).end(other.jobId, { state: 'cancelled' });
  const [events] = await Promise.all([eventsOf(stream), bench.make(id)]);
  const states = statesOf(events);
  assert.equal(states.at(0)?.player?.state, 'making');
  assert.equal(states.at(-1)?.player?.state, 'made');
  assert.match(events.at(-1) ?? '', /^event: end/u);
  const told = events.flatMap((event) => /^id: (.*)$/mu.exec(event)?.[1] ?? []);
  assert.equal(new Set(told).size, told.length);
  const again = await eventsOf(await get(`/r/${other.recordingId}/events`, { 'Last-Event-ID': told.at(-1) ?? '' }));
  assert.deepEqual(statesOf(again), []);
});

test('events follow a job, from no stems to the player; whoever may not look any more hears no more', async (t) => {
  const fresh = await bench.addSong({ stems: stems(2), stopBefore: 'result' });
  const jobs = createJobs(bench.database);
  const { get } = await visit(t, bench.memberId);
  assert.match(await (await get(`/r/${fresh.recordingId}`)).text(), /data-running/u);
  const stream = await get(`/r/${fresh.recordingId}/events`);
  const reports = (async () => {
    await jobs.report({ jobId: fresh.jobId, stage: 'separate', fraction: 0.25 });
    await jobs.report({ jobId: fresh.jobId, stage: 'separate', fraction: 0.5 });
  })();
  const isHalf = (events: readonly string[]): boolean => statesOf(events).at(-1)?.jobs[0]?.fraction === 0.5;
  const [events] = await Promise.all([eventsOf(stream, isHalf), reports]);
  assert.ok(statesOf(events).every(({ player }) => player === null));
  const second = await get(`/r/${fresh.recordingId}/events`);
  await bench.client.query('delete from membership where member_id = $1', [bench.memberId]);
  await jobs.report({ jobId: fresh.jobId, stage: 'separate', fraction: 0.75 });
  const heard = await eventsOf(second);
  await bench.client.query('insert into membership (band_id, member_id) values ($1, $2)', [
    bench.bandId,
    bench.memberId,
  ]);
  assert.ok(statesOf(heard).every(({ jobs: [job] }) => (job?.fraction ?? 0) < 0.75));
  assert.match(heard.at(-1) ?? '', /^event: end/u);
});

test('a server that stops ends its streams by itself', async (t) => {
  const fresh = await bench.addSong({ stems: stems(2), stopBefore: 'result' });
  let stream: Response | null = null;
  await t.test('while it runs', async (inner) => {
    stream = await (await visit(inner, bench.memberId)).get(`/r/${fresh.recordingId}/events`);
  });
  assert.ok((await eventsOf(stream as unknown as Response)).length > 0);
});

test('an export is one file for equal mixes, in the audit log, and behind a link', async (t) => {
  let started = 0;
  const { get, post } = await visit(t, bench.memberId, {
    startRendering: async (id) => {
      started += 1;
      await bench.make(id);
    },
  });
  await createJobs(bench.database).end(song.jobId, { state: 'cancelled' });
  const base = `/r/${song.recordingId}`;
  const ids: string[] = [];
  for (const gains of [
    { vocals: 0.5, drums: 1, residual: 1 },
    { drums: 1, vocals: 0.500_01, residual: 1 },
  ]) {
    const answer = await post(`${base}/export`, { gains, format: 'mp3' });
    assert.equal(answer.status, 202);
    ids.push(((await answer.json()) as { id: string }).id);
  }
  assert.equal(new Set(ids).size, 1);
  assert.equal(started, 1);
  const states = statesOf(await eventsOf(await get(`${base}/events?mix=${ids[0] ?? ''}`)));
  const { mix } = states.at(-1) ?? { mix: null };
  assert.equal(mix?.state, 'made');
  const [, , key = '', name = ''] = (mix?.href ?? '').split('/');
  assert.equal(decodeURIComponent(name), 'Blue  i Train  i    live (mix).mp3');
  assert.notEqual(await bench.blobs.head(decodeURIComponent(key)), null);
  const [entry] = await createAudit(bench.database).list(1);
  assert.deepEqual(
    [entry?.kind, entry?.memberId, entry?.facts?.['format']],
    ['recording.exported', bench.memberId, 'mp3'],
  );
});

test('what cannot be exported is refused in words', async (t) => {
  const { get, post } = await visit(t, bench.memberId, { startRendering: async () => await Promise.resolve() });
  const path = `/r/${song.recordingId}/export`;
  for (const [body, status] of [
    [{ gains: { vocals: 1 }, format: 'exe' }, 400],
    [{ gains: { vocals: 5 }, format: 'flac' }, 400],
    [{ gains: { vocals: -1 }, format: 'flac' }, 400],
    [{ gains: { other: 1 }, format: 'flac' }, 400],
    [{ gains: { vocals: 0 }, format: 'flac' }, 400],
    [{ gains: {}, format: 'flac' }, 400],
    ['nothing', 400],
  ] as const) {
    const answer = await post(path, body);
    assert.equal(answer.status, status, JSON.stringify(body));
    assert.match(((await answer.json()) as { message: string }).message, /^[A-Z].*\.$/u);
  }
  assert.equal(
    (await post(path, { gains: { vocals: 1 }, format: 'flac' }, { Origin: 'https://evil.example' })).status,
    403,
  );
  const statuses: number[] = [];
  for (let step = 0; step < 8; step++) {
    statuses.push((await post(path, { gains: { vocals: 1 + step / 100 }, format: 'flac' })).status);
  }
  assert.deepEqual([statuses[0], statuses.at(-1)], [202, 429]);
  // Somebody else's export is not shown, whatever the address says.
  const stranger = await bench.addSong({ stems: stems(1) });
  const { rows } = await bench.client.query<{ id: string }>(
    `select id from rendering where recipe ->> 'kind' = 'mix' limit 1`,
  );
  await createJobs(bench.database).end(stranger.jobId, { state: 'cancelled' });
  const renderings = createRenderings(bench.database);
  const separation =
    (
      await bench.client.query<{ id: string }>('select id from separation where recording_id = $1', [
        stranger.recordingId,
      ])
    ).rows[0]?.id ?? '';
  await bench.make((await renderings.want({ separationId: separation, recipe: { kind: 'player' } })).id);
  const states = statesOf(await eventsOf(await get(`/r/${stranger.recordingId}/events?mix=${rows[0]?.id ?? ''}`)));
  assert.equal(states.at(-1)?.mix, null);
});
