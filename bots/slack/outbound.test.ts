import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import { ADA } from '../../tools/emulators/slack/options.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import { testChatPort } from '../core/chat-port.test-kit.ts';
import { DONE, exampleCard, exampleFile } from '../core/port-example.test-kit.ts';
import { openEmulatedRoom } from './emulated-room.test-kit.ts';
import type { EmulatedRoom } from './emulated-room.test-kit.ts';
import { createSlackPort } from './outbound.ts';

testChatPort('Slack, files in the thread', true, async () => await openEmulatedRoom(false));
testChatPort('Slack, files by chat.update', true, async () => await openEmulatedRoom(true));

const LIMIT = { timeout: 120_000 };
const DONE_IN_THE_DARK = ['done-then-5xx', 'done-then-hang', 'done-then-reset'] as const;

describe('Slack, files whose posting was never answered', () => {
  let room: EmulatedRoom;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'woodshed-slack-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    room = await openEmulatedRoom(false);
  });
  afterEach(async () => {
    await room.close();
  });

  async function files(...names: string[]): Promise<OpenFile[]> {
    return await Promise.all(names.map(async (name) => await exampleFile(folder, name, 3000)));
  }
  function befall(...planned: Parameters<typeof plannedFaults>[0]): void {
    room.slack.setFaults(plannedFaults(planned));
  }
  /** What stands in the room, by the code that it was posted with. */
  function shared(): (readonly [text: string, ...files: string[]])[] {
    return room.slack.conversation
      .messages(room.address.chatId)
      .filter((message) => message.by === 'bot' && message.files.length > 0)
      .map(({ text, files: seen }) => [text, ...seen.map(({ name }) => name)] as const);
  }

  for (const fault of DONE_IN_THE_DARK) {
    test(`are found where they came: ${fault}`, LIMIT, async () => {
      const { port, address } = room;
      const card = exampleCard({ code: 'AAAAAA' }, DONE);
      const { messageId } = await port.postCard(address, card, 'nonce');
      befall({ method: 'files.completeUploadExternal', fault });
      const given = await files('vocals.mp3', 'residual.mp3');
      await assert.rejects(
        port.postFiles(address, messageId, card, given),
        (error) => error instanceof SendError && error.outcome === 'ambiguous',
      );
      assert.deepEqual(shared(), [['AAAAAA', 'vocals.mp3', 'residual.mp3']]);
      const found = await port.findPostedFiles(address, messageId, card);
      assert.deepEqual(
        found?.links.map(({ fileName }) => fileName),
        ['vocals.mp3', 'residual.mp3'],
      );
      for (const { url } of found?.links ?? []) assert.ok(URL.canParse(url), url);
    });
  }

  for (const fault of ['refused-5xx', 'reset-before'] as const) {
    test(`are not found where they did not come: ${fault}`, LIMIT, async () => {
      const { port, address, slack } = room;
      const card = exampleCard({ code: 'AAAAAA' }, DONE);
      const { messageId } = await port.postCard(address, card, 'nonce');
      befall({ method: 'files.completeUploadExternal', fault });
      await assert.rejects(port.postFiles(address, messageId, card, await files('vocals.mp3')), SendError);
      // Somebody else answers with a file, and the same word.
      const file = { name: 'mine.mp3', bytes: new Uint8Array(9), mimeType: 'audio/mpeg' };
      const at = { chat: address.chatId, thread: messageId };
      await slack.act({ kind: 'message', by: ADA.id, at, text: 'AAAAAA', files: [file], replyTo: null });
      assert.equal(await port.findPostedFiles(address, messageId, card), null);
    });
  }

  test('of two jobs in one thread of people are told apart', LIMIT, async () => {
    const { port, slack } = room;
    const at = { chat: room.address.chatId, thread: null };
    const { id } = await slack.act({ kind: 'message', by: ADA.id, at, text: 'new takes', files: [], replyTo: null });
    const address = { ...room.address, threadId: id };
    const cards = [exampleCard({ code: 'AAAAAA' }, DONE), exampleCard({ code: 'BBBBBB' }, DONE)] as const;
    const [one, two] = [await port.postCard(address, cards[0], 'n-1'), await port.postCard(address, cards[1], 'n-2')];
    await port.postFiles(address, one.messageId, cards[0], await files('vocals.mp3'));
    befall({ method: 'files.completeUploadExternal', fault: 'done-then-5xx' });
    await assert.rejects(port.postFiles(address, two.messageId, cards[1], await files('drums.mp3')), SendError);
    const found = await port.findPostedFiles(address, two.messageId, cards[1]);
    assert.deepEqual(
      found?.links.map(({ fileName }) => fileName),
      ['drums.mp3'],
    );
  });

  test('nobody sees bytes that were brought in twice', LIMIT, async () => {
    const { port, address } = room;
    const card = exampleCard({ code: 'AAAAAA' }, DONE);
    const { messageId } = await port.postCard(address, card, 'nonce');
    befall({ method: 'upload', fault: 'done-then-5xx' }, { method: 'upload', fault: 'reset-before' });
    await port.postFiles(address, messageId, card, await files('vocals.mp3', 'residual.mp3'));
    assert.deepEqual(shared(), [['AAAAAA', 'vocals.mp3', 'residual.mp3']]);
  });

  test('a line that rings calls its one person, whatever the song is called', LIMIT, async () => {
    const { port, address, requester } = room;
    const card = exampleCard({ title: '<!channel> *bold* <@U0BENBASS2> :smile:' }, DONE);
    const { messageId } = await port.postCard(address, card, 'nonce');
    await port.postExtra(address, messageId, { kind: 'ready', requester, card }, 'nonce-2');
    const [ready] = (await room.messages()).slice(-1);
    assert.deepEqual(ready?.pings, [ADA.id]);
    assert.ok(ready.text.includes('<!channel> *bold* <@U0BENBASS2> :smile:'), ready.text);
  });

  test('the token goes to no host but Slack’s', LIMIT, async () => {
    const song = await room.attach('take.mp3', new Uint8Array(9));
    const strict = createSlackPort({
      clientOf: async () => await Promise.resolve(room.client),
      fileIds: false,
      ownHost: null,
    });
    await assert.rejects(strict.openAttachment(song), { type: 'file-missing' });
    assert.equal(room.slack.requests.filter(({ method }) => method === 'download').length, 0);
  });
});
