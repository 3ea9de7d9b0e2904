/** Uploads and downloads: what Slack documents, over plain HTTP. */
import assert from 'node:assert/strict';
import { REHEARSAL } from './options.ts';
import { call, checkFacts, errorOf, fromBot, good, say, songFile, uploadFile } from './slack.test-kit.ts';
import type { Fact } from './slack.test-kit.ts';

const here = { channel: REHEARSAL.id };

const FACTS: readonly Fact[] = [
  [
    'an upload takes a form’s file as well as the bare bytes, and must be as long as announced',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 4 };
      const { upload_url: url, file_id: id } = await good(slack, 'files.getUploadURLExternal', asked);
      const short = await fetch(String(url), { method: 'POST', body: 'abc' });
      assert.equal(short.status, 400);
      assert.equal(await errorOf(slack, 'files.completeUploadExternal', { files: [{ id }] }), 'file_not_found');
      const form = new FormData();
      form.set('body', new Blob(['abcd']), 'Untitled');
      assert.equal((await fetch(String(url), { method: 'POST', body: form })).status, 200);
      await good(slack, 'files.completeUploadExternal', { files: [{ id }] });
    },
  ],
  [
    'files.getUploadURLExternal takes a form alone',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 4 };
      const { body } = await call(slack, 'files.getUploadURLExternal', asked, { as: 'json' });
      assert.equal(body.error, 'invalid_arguments');
    },
  ],
  [
    'a file above the workspace’s size is refused before it is sent',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 1001 };
      assert.equal(await errorOf(slack, 'files.getUploadURLExternal', asked), 'file_upload_size_restricted');
    },
    { maxFileBytes: 1000 },
  ],
  [
    'where the workspace forbids files that is said',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 10 };
      assert.equal(await errorOf(slack, 'files.getUploadURLExternal', asked), 'file_uploads_disabled');
    },
    { fileUploadsAreDisabled: true },
  ],
  [
    'completed without a channel a file is seen by nobody; with one it is a message, whose ts the answer does not tell',
    async (slack) => {
      const first = await say(slack, 'song?');
      const alone = await uploadFile(slack, 'a.mp3', new Uint8Array(10).fill(1));
      assert.deepEqual(fromBot(slack), []);
      const share = { channel_id: REHEARSAL.id, thread_ts: first.id, initial_comment: 'here' };
      const { fileId, answer } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2), share);
      assert.doesNotMatch(JSON.stringify(answer), /\d{10}\.\d{6}/u);
      const [message] = fromBot(slack);
      assert.deepEqual([message?.text, message?.thread], ['here', first.id]);
      assert.deepEqual(
        message?.files.map(({ name, bytes, shownAs }) => [name, bytes, shownAs]),
        [['b.flac', 20, 'audio']],
      );
      const { file } = await good(slack, 'files.info', { file: fileId });
      const { shares } = file as { shares: { public: Record<string, { ts: string }[]> } };
      assert.equal(shares.public[REHEARSAL.id]?.[0]?.ts, message?.id);
      const { file: unshared } = await good(slack, 'files.info', { file: alone.fileId });
      assert.deepEqual((unshared as { shares: object }).shares, {});
    },
  ],
  [
    'completing again shares again: there is no idempotency',
    async (slack) => {
      const share = { channel_id: REHEARSAL.id };
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2), share);
      await good(slack, 'files.completeUploadExternal', { files: [{ id: fileId }], ...share });
      assert.equal(fromBot(slack).length, 2);
    },
  ],
  [
    'chat.update puts files into a message where file_ids is honoured',
    async (slack) => {
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2));
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'soon' });
      await good(slack, 'chat.update', { ...here, ts, text: 'done', file_ids: [fileId] });
      assert.equal(fromBot(slack)[0]?.files[0]?.name, 'b.flac');
      const kept = await good(slack, 'chat.update', { ...here, ts, text: 'and done' });
      assert.equal(fromBot(slack)[0]?.files.length, 1, JSON.stringify(kept));
    },
    { honoursFileIds: true },
  ],
  [
    'and takes file_ids without a word where it is not',
    async (slack) => {
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2));
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'soon' });
      await good(slack, 'chat.update', { ...here, ts, text: 'done', file_ids: [fileId] });
      assert.deepEqual([fromBot(slack)[0]?.text, fromBot(slack)[0]?.files], ['done', []]);
    },
    { honoursFileIds: false },
  ],
  [
    'url_private gives the bytes to a token, and a page to sign in, with 200, to everybody else',
    async (slack) => {
      const song = songFile();
      await say(slack, '', { files: [song] });
      const { messages } = await good(slack, 'conversations.history', here);
      const [{ files } = { files: [] }] = messages as {
        files: { url_private: string; url_private_download: string }[];
      }[];
      const url = files[0]?.url_private ?? '';
      const authorization = `Bearer ${slack.token().accessToken}`;
      const right = await fetch(url, { headers: { authorization } });
      assert.deepEqual(new Uint8Array(await right.arrayBuffer()), song.bytes);
      for (const headers of [{}, { authorization: 'Bearer xoxb-wrong' }]) {
        const wrong = await fetch(url, { headers });
        assert.equal(wrong.status, 200);
        assert.match(wrong.headers.get('content-type') ?? '', /text\/html/u);
        assert.match(await wrong.text(), /Sign in/u);
      }
    },
  ],
  [
    'a deleted file leaves its message, and is file_deleted',
    async (slack) => {
      const share = { channel_id: REHEARSAL.id, initial_comment: 'here' };
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2), share);
      await good(slack, 'files.delete', { file: fileId });
      assert.deepEqual([fromBot(slack)[0]?.text, fromBot(slack)[0]?.files], ['here', []]);
      assert.equal(await errorOf(slack, 'files.info', { file: fileId }), 'file_deleted');
    },
  ],
];

checkFacts('files', FACTS);
