import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAudit } from '../../db/audit.repository.ts';
import { createUploads } from '../../db/uploads.repository.ts';
import { finishUpload } from './finish-upload.ts';
import { openUploadBench, ORDER } from './upload.test-kit.ts';
import type { StartedJob, UploadBench } from './upload.test-kit.ts';

const MEGABYTE = 1024 * 1024;
const SONG = randomBytes(9 * MEGABYTE + 12_345);
const TUS = { 'Tus-Resumable': '1.0.0' };

let bench: UploadBench;
before(async () => {
  bench = await openUploadBench();
});
after(async () => await bench.close());

async function openUploads(t: TestContext): Promise<string> {
  return (await bench.serve(t, 20 * MEGABYTE)).origin;
}

/** As tus-js-client asks for it. */
async function create(origin: string, token: string, bytes: number, name = 'song.wav'): Promise<Response> {
  const metadata = `filename ${Buffer.from(name).toString('base64')}`;
  const headers = { ...TUS, Origin: origin, 'Upload-Length': String(bytes), 'Upload-Metadata': metadata };
  return await fetch(`${origin}/u/${token}/file`, { method: 'POST', headers });
}

async function send(origin: string, token: string, offset: number, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const type = 'application/offset+octet-stream';
  const headers = { ...TUS, Origin: origin, 'Upload-Offset': String(offset), 'Content-Type': type };
  return await fetch(`${origin}/u/${token}/file/0`, { method: 'PATCH', headers, body });
}

async function offsetOf(origin: string, token: string): Promise<string | null> {
  const { headers } = await fetch(`${origin}/u/${token}/file/0`, { method: 'HEAD', headers: TUS });
  return headers.get('upload-offset');
}

test('a song that comes in pieces is one job, whatever is sent twice', async (t) => {
  const origin = await openUploads(t);
  const token = await bench.ticket();
  const created = await create(origin, token, SONG.length, 'Ünser Lied.wav');
  assert.equal(created.status, 201);
  assert.equal(created.headers.get('location'), `${origin}/u/${token}/file/0`);
  const half = 5 * MEGABYTE;
  assert.equal((await send(origin, token, 0, new Uint8Array(SONG.subarray(0, half)))).status, 204);
  assert.equal((await send(origin, token, 0, new Uint8Array(SONG.subarray(0, half)))).status, 409, 'the same again');
  assert.equal(await offsetOf(origin, token), String(half));
  assert.deepEqual(await bench.started(), []);
  assert.equal((await send(origin, token, half, new Uint8Array(SONG.subarray(half)))).status, 204);
  const [job, ...more] = await bench.started();
  assert.deepEqual(more, []);
  assert.equal(job?.name, 'Ünser Lied.wav');
  assert.deepEqual(job.requester, ORDER.requester);
  assert.ok(job.bytes.equals(SONG));
  assert.deepEqual(await bench.keysBelow('uploads/'), [], 'no piece is left');
  assert.notEqual((await send(origin, token, SONG.length, new Uint8Array(1))).status, 204);
  assert.match(await (await fetch(`${origin}/u/${token}`)).text(), /It is here/u);
  assert.deepEqual(await bench.started(), []);
  assert.equal((await createAudit(bench.database).list(1))[0]?.kind, 'upload.finished');
});

test('a connection that breaks costs a piece at most, and the rest goes on', async (t) => {
  const origin = await openUploads(t);
  const token = await bench.ticket();
  await create(origin, token, SONG.length);
  const broken = new AbortController();
  async function* breaking(): AsyncIterable<Uint8Array> {
    yield SONG.subarray(0, 6 * MEGABYTE);
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    broken.abort();
  }
  const headers = {
    ...TUS,
    Origin: origin,
    'Upload-Offset': '0',
    'Content-Type': 'application/offset+octet-stream',
  };
  const options = { method: 'PATCH', headers, body: breaking(), duplex: 'half' as const, signal: broken.signal };
  await assert.rejects(fetch(`${origin}/u/${token}/file/0`, options));
  let at = 0;
  for (const deadline = Date.now() + 20_000; Date.now() < deadline && at < 4 * MEGABYTE;) {
    at = Number(await offsetOf(origin, token));
  }
  assert.ok(at >= 4 * MEGABYTE && at <= 6 * MEGABYTE, String(at));
  let answer = 423;
  // What broke off holds its lock for a moment.
  for (const deadline = Date.now() + 30_000; answer === 423 && Date.now() < deadline;) {
    at = Number(await offsetOf(origin, token));
    answer = (await send(origin, token, at, new Uint8Array(SONG.subarray(at)))).status;
  }
  assert.equal(answer, 204);
  const [job] = await bench.started();
  assert.ok(job?.bytes.equals(SONG));
});

test('what a process left between the last byte and the job is taken up by the next, once', async (t) => {
  const uploads = createUploads(bench.database);
  const token = await bench.ticket();
  const { id } = (await uploads.find(token)) ?? assert.fail('no ticket');
  assert.ok(await uploads.declare(id, { fileName: 'left.wav', sizeBytes: 5 }));
  async function* once(): AsyncIterable<Uint8Array> {
    yield Buffer.from('hello');
  }
  await bench.blobs.put(`uploads/${id}/${'0'.repeat(14)}`, once());
  assert.ok(await uploads.advance(id, 0, 5));
  await openUploads(t);
  let events: StartedJob[] = [];
  for (const deadline = Date.now() + 20_000; Date.now() < deadline && events.length === 0;)
    events = await bench.started();
  assert.equal(events.length, 1);
  const whole = (await uploads.find(token)) ?? assert.fail('no ticket');
  assert.equal(whole.state, 'started');
  await finishUpload(
    { ...whole, state: 'whole' },
    { uploads, blobs: bench.blobs, audit: createAudit(bench.database) },
  ).catch(() => undefined);
  assert.deepEqual(await bench.started(), []);
});

test('another file may take the place of one that was begun; too large a one may not, nor a stranger’s', async (t) => {
  const origin = await openUploads(t);
  const token = await bench.ticket();
  assert.equal((await create(origin, token, 21 * MEGABYTE)).status, 413);
  await create(origin, token, 1000);
  await send(origin, token, 0, new Uint8Array(400));
  assert.notEqual((await create(origin, token, 2000)).status, 201, 'one at a time');
  const gone = await fetch(`${origin}/u/${token}/file/0`, { method: 'DELETE', headers: { ...TUS, Origin: origin } });
  assert.equal(gone.status, 204);
  assert.equal((await create(origin, token, 2000)).status, 201);
  assert.equal(await offsetOf(origin, token), '0');

  const made = await fetch(`${origin}/u/${token}/file`, { method: 'POST', headers: { ...TUS, 'Upload-Length': '5' } });
  assert.equal(made.status, 403, 'from no page of ours');
  for (const wrong of ['x'.repeat(43), token.toLowerCase().slice(1)]) {
    assert.equal((await create(origin, wrong, 5)).status, 404);
    assert.equal((await fetch(`${origin}/u/${wrong}`)).status, 404);
  }
});

test('asked again, the ticket is the same, and only its newest link is good; an old one is over', async (t) => {
  const origin = await openUploads(t);
  const key = randomUUID();
  const first = await bench.ticket(key);
  const second = await bench.ticket(key);
  assert.equal((await fetch(`${origin}/u/${first}`)).status, 404);
  const page = await fetch(`${origin}/u/${second}`);
  const text = await page.text();
  assert.equal(page.status, 200);
  assert.match(text, /For Ada &lt;b&gt;/u);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.ok(policy.includes("script-src 'self'") && !policy.includes('unsafe'));
  const over = await bench.ticket(randomUUID(), 0);
  assert.equal((await fetch(`${origin}/u/${over}`)).status, 404);
});
