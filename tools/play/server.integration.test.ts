import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, describe, it } from 'node:test';
import { createEchoRoom } from './echo-room.test-kit.ts';
import { servePlay } from './server.ts';
import { createStackState } from './stack-state.ts';

const room = createEchoRoom('discord');
const stack = createStackState();
const server = await servePlay(room, stack, 0);
after(() => server.close());
const at = { chat: 'studio', thread: null };

async function say(line: object, files: readonly File[] = []): Promise<Response> {
  const form = new FormData();
  form.set('line', JSON.stringify({ by: 'ada', at, text: '', replyTo: null, ...line }));
  for (const file of files) form.append('file', file);
  return await fetch(new URL('say', server.url), { method: 'POST', body: form });
}
async function act(deed: unknown): Promise<Response> {
  return await fetch(new URL('do', server.url), { method: 'POST', body: JSON.stringify(deed) });
}
/** With headers that a browser would not let a page set. */
async function status(path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const sent = request(new URL(path, server.url), { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject).end();
  });
}

describe('the playroom’s server', () => {
  it('serves the page with a policy that lets no inline script run', async () => {
    const page = await fetch(server.url);
    assert.match(await page.text(), /<script type="module" src="\/page.js">/u);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/u);
    assert.doesNotMatch(policy, /unsafe/u);
    for (const path of ['page.js', 'composer.js', 'message-view.js', 'page.css']) {
      assert.equal((await fetch(new URL(path, server.url))).status, 200);
    }
  });

  it('turns away pages of other sites, and names that were pointed at it', async () => {
    const { host } = new URL(server.url);
    assert.equal(await status('/room', { host }), 200);
    assert.equal(await status('/room', { host: 'evil.example' }), 403);
    assert.equal(await status('/room', { host: '127.0.0.1.evil.example' }), 403);
    assert.equal(await status('/do', { host, origin: 'http://evil.example' }, 'POST'), 403);
    assert.equal(await status('/do', { host, 'sec-fetch-site': 'cross-site' }, 'POST'), 403);
  });

  it('does what a person does', async () => {
    assert.equal((await say({ text: 'hello' }, [new File(['abc'], 'a.wav', { type: 'audio/wav' })])).status, 200);
    assert.equal((await say({ text: '/split want:bass song:"back porch"' })).status, 200);
    assert.equal((await act({ kind: 'press', by: 'ben', at, messageId: '1', label: 'Cancel' })).status, 200);
    const [message, command, press] = room.actions.slice(-3);
    assert.equal(message?.kind === 'message' && new TextDecoder().decode(message.files[0]?.bytes), 'abc');
    assert.deepEqual(command, {
      kind: 'command',
      by: 'ada',
      at,
      verb: 'split',
      options: { want: 'bass', song: 'back porch' },
      text: '',
      file: null,
    });
    assert.deepEqual(press, { kind: 'press', by: 'ben', at, messageId: '1', label: 'Cancel' });
  });

  it('says why something cannot be done', async () => {
    const before = room.actions.length;
    for (const deed of [{ kind: 'explode', by: 'ada', at }, { kind: 'press', by: 'ada', at, label: 'x' }, 'x']) {
      assert.equal((await act(deed)).status, 400);
    }
    const nothing = await say({ text: '  ' });
    assert.equal(nothing.status, 400);
    assert.deepEqual(await nothing.json(), { error: 'there is nothing to send' });
    assert.equal((await say({ text: 'x', extra: 1 })).status, 400);
    assert.equal(room.actions.length, before);
  });

  it('tells what happened before and after a page came, and goes on where a connection broke', async () => {
    const { events } = room.emulator.conversation;
    const stream = await fetch(new URL('events', server.url), {
      headers: { 'last-event-id': String(events.length - 1) },
    });
    assert.ok(stream.body);
    const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const hear = async (what: RegExp): Promise<void> => {
      while (!what.test(heard)) {
        const { value, done } = await reader.read();
        assert.ok(!done, `the stream ended; heard ${heard}`);
        heard += value;
      }
    };
    await hear(/event: stack\ndata: \{"state":"starting"/u);
    assert.equal(heard.match(/event: chat/gu)?.length, 1);
    stack.tell('running', 'here we are');
    await hear(/here we are/u);
    const posted = room.post({ text: 'news of the bass' });
    await hear(/"kind":"posted".*news of the bass/u);
    room.emulator.conversation.edit({ ...posted, text: 'other news' });
    await hear(/"kind":"edited".*other news/u);
    assert.match(heard, new RegExp(`id: ${String(events.length)}\n`, 'u'));
    await reader.cancel();
  });

  it('draws what was said', async () => {
    room.post({ text: 'a <picture> of this' });
    const picture = await fetch(new URL('picture.svg', server.url));
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml');
    assert.match(await picture.text(), /# studio.*a &lt;picture&gt; of this/su);
  });

  it('plays files, from any place in them', async () => {
    const bytes = new TextEncoder().encode('0123456789');
    const { sha256 } = room.store({ name: 'x.flac', bytes, mimeType: 'audio/flac' }, 'audio');
    const file = new URL(`files/${sha256}/x.flac`, server.url);
    const whole = await fetch(file);
    assert.equal(whole.headers.get('content-type'), 'audio/flac');
    assert.equal(await whole.text(), '0123456789');
    const part = await fetch(file, { headers: { range: 'bytes=3-5' } });
    assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 3-5/10', '345']);
    const end = await fetch(file, { headers: { range: 'bytes=-2' } });
    assert.equal(await end.text(), '89');
    assert.equal((await fetch(file, { headers: { range: 'bytes=10-' } })).status, 416);
    const page = await fetch(new URL(`files/${sha256}/x.html`, server.url));
    assert.equal(page.headers.get('content-type'), 'application/octet-stream');
    assert.equal(page.headers.get('content-disposition'), 'attachment');
    assert.equal((await fetch(new URL('files/0/x.flac', server.url))).status, 404);
  });
});
