/** Attachments, and the places where messages stand: what Discord documents and this emulator obeys, over plain HTTP. */
import assert from 'node:assert/strict';
import { MESSAGES, errorOf, fromBot, good, post, say, song } from './discord.test-kit.ts';
import { INVALID, testFacts } from './facts.test-kit.ts';
import type { Fact } from './facts.test-kit.ts';
import { ADA, BEN, CLEO, GUILD, NEW_SONG, OVERDUBS, REHEARSAL, SONGS } from './options.ts';

const FILES: readonly Fact[] = [
  [
    'an attachment has at most 10 MiB, at a higher boost 50 or 100, and a request 25 MiB',
    async (discord) => {
      const mib = 1024 * 1024;
      const send = async (bytes: number): Promise<unknown[]> =>
        await errorOf(discord, `POST ${MESSAGES}`, { body: {}, files: [song('a.wav', bytes)] });
      assert.deepEqual(await send(10 * mib), [200, undefined]);
      assert.deepEqual(await send(10 * mib + 1), [413, 40_005]);
      discord.setBoostTier(GUILD.id, 2);
      assert.deepEqual(await send(24 * mib), [200, undefined]);
      assert.deepEqual(await send(25 * mib), [413, 40_005]);
      discord.setAttachmentLimit(1000);
      assert.deepEqual(await send(1001), [413, 40_005]);
    },
  ],
  [
    'an edit with a list keeps what it names and adds what is new; without one it keeps all',
    async (discord) => {
      const id = await post(discord, {}, MESSAGES, [song('a.mp3'), song('b.mp3')]);
      const path = `PATCH ${MESSAGES}/${id}`;
      const names = (): readonly string[] => fromBot(discord)[0]?.files.map(({ name }) => name) ?? [];
      const { attachments } = await good(discord, path, { body: {}, files: [song('c.mp3')] });
      assert.deepEqual(names(), ['a.mp3', 'b.mp3', 'c.mp3']);
      const [, second] = attachments as readonly { id: string }[];
      await good(discord, path, {
        body: { attachments: [{ id: second?.id }, { id: '0', filename: 'new name.mp3' }] },
        files: [song('d.mp3')],
      });
      assert.deepEqual(names(), ['b.mp3', 'new name.mp3']);
      assert.deepEqual(await errorOf(discord, path, { body: { attachments: [{ id: '7' }] } }), INVALID);
      const eleven = Array.from({ length: 11 }, (_, n) => song(`${String(n)}.mp3`, 10));
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { body: {}, files: eleven }), INVALID);
    },
  ],
  [
    'an attachment’s address is signed and ends; asking for the message again gives a new one',
    async (discord) => {
      const file = song('a.mp3');
      const id = await post(discord, {}, MESSAGES, [file]);
      const address = async (): Promise<string> => {
        const { attachments } = await good(discord, `GET ${MESSAGES}/${id}`);
        return (attachments as readonly { url: string }[])[0]?.url ?? '';
      };
      const first = await address();
      const fetched = await fetch(first);
      assert.equal(fetched.headers.get('content-type'), 'audio/mpeg');
      assert.ok(Buffer.from(await fetched.arrayBuffer()).equals(file.bytes));
      assert.equal((await fetch(first.replace('hm=', 'hm=0'))).status, 404);
      discord.advance(25 * 60 * 60_000);
      assert.equal((await fetch(first)).status, 404);
      assert.equal((await fetch(await address())).status, 200);
    },
  ],
  [
    'a voice message is one sound with its length and waveform, nothing else, and is never edited',
    async (discord) => {
      const voice = { id: '0', filename: 'voice-message.ogg', duration_secs: 1.5, waveform: 'AAAA' };
      const file = song('voice-message.ogg', 100, 'audio/ogg');
      const send = async (body: object, files = [file]): Promise<unknown[]> =>
        await errorOf(discord, `POST ${MESSAGES}`, { body: { flags: 8192, ...body }, files });
      assert.deepEqual(await send({ content: 'x', attachments: [voice] }), [400, 50_159]);
      assert.deepEqual(await send({ attachments: [voice] }, [file, file]), [400, 50_160]);
      assert.deepEqual(await send({ attachments: [{ id: '0', filename: 'voice-message.ogg' }] }), [400, 50_161]);
      const id = await post(discord, { flags: 8192, attachments: [voice] }, MESSAGES, [file]);
      assert.equal(fromBot(discord)[0]?.files[0]?.shownAs, 'voice');
      assert.deepEqual(await errorOf(discord, `PATCH ${MESSAGES}/${id}`, { body: { content: 'x' } }), [400, 50_162]);
    },
  ],
];

const PLACES: readonly Fact[] = [
  [
    'a forum takes posts, not messages; a post’s first message has the post’s id',
    async (discord) => {
      assert.deepEqual(
        await errorOf(discord, `POST /channels/${SONGS.id}/messages`, { body: { content: 'x' } }),
        [400, 50_008],
      );
      const { id, message } = await good(discord, `POST /channels/${SONGS.id}/threads`, {
        body: { name: 'Ballad', message: { content: 'first' } },
      });
      assert.equal((message as { id: string }).id, id);
      await post(discord, { content: 'second' }, `/channels/${String(id)}/messages`);
      assert.deepEqual(
        fromBot(discord, SONGS.id).map(({ thread, text }) => [thread, text]),
        [
          [id, 'first'],
          [id, 'second'],
        ],
      );
    },
  ],
  [
    'in an archived thread nothing is edited; writing there wakes it, unless it is locked',
    async (discord) => {
      const messages = `/channels/${NEW_SONG.id}/messages`;
      const id = await post(discord, { content: 'one' }, messages);
      discord.archiveThread(NEW_SONG.id);
      assert.deepEqual(await errorOf(discord, `PATCH ${messages}/${id}`, { body: { content: 'x' } }), [400, 50_083]);
      await post(discord, { content: 'two' }, messages);
      await good(discord, `PATCH ${messages}/${id}`, { body: { content: 'three' } });
      discord.archiveThread(NEW_SONG.id);
      await good(discord, `PATCH /channels/${NEW_SONG.id}`, { body: { archived: false } });
      await good(discord, `PATCH ${messages}/${id}`, { body: { content: 'four' } });
      discord.archiveThread(NEW_SONG.id, true);
      assert.deepEqual(await errorOf(discord, `POST ${messages}`, { body: { content: 'x' } }), [400, 50_083]);
      assert.deepEqual(
        await errorOf(discord, `PATCH /channels/${NEW_SONG.id}`, { body: { archived: false } }),
        [403, 50_013],
      );
    },
  ],
  [
    'people see what is theirs to see: others’ private threads and chats are closed to them',
    async (discord) => {
      const elsewhere = { chat: REHEARSAL.id, thread: OVERDUBS.id };
      await assert.rejects(say(discord, 'hi', { by: CLEO.id, at: elsewhere }), RangeError);
      discord.addToThread(OVERDUBS.id, CLEO.id);
      await say(discord, 'hi', { by: CLEO.id, at: elsewhere });
      await assert.rejects(
        say(discord, 'hi', { by: BEN.id, at: { chat: discord.directChat(ADA.id), thread: null } }),
        RangeError,
      );
      await assert.rejects(say(discord, 'hi', { at: { chat: SONGS.id, thread: null } }), /forum/u);
    },
  ],
  [
    'typing is seen by everybody else who is there',
    async (discord) => {
      await good(discord, `POST ${MESSAGES.replace('/messages', '/typing')}`);
      const seen = discord.conversation.events.flatMap((event) => (event.kind === 'notice' ? [event.onlyFor] : []));
      assert.deepEqual(seen, [ADA.id, BEN.id, CLEO.id]);
    },
  ],
];

testFacts('files', FILES);
testFacts('places', PLACES);
