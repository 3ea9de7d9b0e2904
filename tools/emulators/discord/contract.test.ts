/** What Discord documents and this emulator obeys: each fact by name, over plain HTTP. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DiscordEmulator } from './discord-emulator.ts';
import {
  COMMANDS,
  HERE,
  MESSAGES,
  call,
  command,
  connect,
  errorOf,
  fromBot,
  good,
  nextEvent,
  post,
  register,
  say,
  song,
  withDiscord,
} from './discord.test-kit.ts';
import { ADA, BEN, CLEO, GUILD, NEW_SONG, NOTICES, OVERDUBS, REHEARSAL, RHYTHM_SECTION, SONGS } from './options.ts';
import type { DiscordOptions } from './options.ts';

type Fact = readonly [name: string, check: (discord: DiscordEmulator) => Promise<void>, options?: DiscordOptions];

const INVALID = [400, 50_035] as const;
const row = (...components: readonly object[]): object => ({ type: 1, components });
const button = (more: object = {}): object => ({ type: 2, style: 2, label: 'Go', custom_id: 'go', ...more });

/** @returns the names of the wrong fields */
async function wrongFields(discord: DiscordEmulator, body: object, path = MESSAGES): Promise<string[]> {
  const { status, body: answer } = await call(discord, `POST ${path}`, { body });
  assert.deepEqual([status, answer?.['code'], answer?.['message']], [...INVALID, 'Invalid Form Body']);
  return Object.keys(answer?.['errors'] as object);
}

/** An interaction as the bot is told of it, unanswered. */
async function opened(
  discord: DiscordEmulator,
): Promise<{ readonly callback: string; readonly webhook: string; readonly acknowledgedMs: Promise<number | null> }> {
  const gateway = await connect(discord);
  const { acknowledgedMs } = await command(discord, 'split');
  const { id, token } = await nextEvent(gateway, 'INTERACTION_CREATE');
  gateway.drop();
  return {
    callback: `/interactions/${String(id)}/${String(token)}/callback`,
    webhook: `/webhooks/${discord.botId}/${String(token)}`,
    acknowledgedMs,
  };
}

const ACCESS: readonly Fact[] = [
  [
    'without the token, or with a wrong one, everything is 401, and counted',
    async (discord) => {
      assert.deepEqual(await errorOf(discord, 'GET /users/@me', { token: null }), [401, 0]);
      assert.deepEqual(await errorOf(discord, 'GET /gateway/bot', { token: 'made.up.token' }), [401, 0]);
      assert.equal(discord.invalidRequests(), 2);
      assert.equal((await good(discord, 'GET /users/@me'))['id'], discord.botId);
      discord.advance(10 * 60_000);
      assert.equal(discord.invalidRequests(), 0);
    },
  ],
  [
    'what is not there is 404, and what is there otherwise 405',
    async (discord) => {
      assert.deepEqual(await errorOf(discord, 'GET /dances/1'), [404, 0]);
      assert.deepEqual(await errorOf(discord, 'PUT /users/@me'), [405, 0]);
    },
  ],
  [
    'an unknown channel is 10003, an unknown message 10008, an unknown person 10013',
    async (discord) => {
      assert.deepEqual(await errorOf(discord, 'POST /channels/1/messages', { body: { content: 'x' } }), [404, 10_003]);
      assert.deepEqual(await errorOf(discord, `GET ${MESSAGES}/1`), [404, 10_008]);
      assert.deepEqual(
        await errorOf(discord, 'POST /users/@me/channels', { body: { recipient_id: '1' } }),
        [404, 10_013],
      );
    },
  ],
  [
    'a channel that the bot does not see is 50001, one where it may not write 50013',
    async (discord) => {
      const sending = { body: { content: 'x' } };
      assert.deepEqual(await errorOf(discord, `POST /channels/${NOTICES.id}/messages`, sending), [403, 50_013]);
      discord.setLacking(REHEARSAL.id, ['viewChannel']);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, sending), [403, 50_001]);
      assert.deepEqual(await errorOf(discord, `POST /channels/${OVERDUBS.id}/messages`, sending), [403, 50_001]);
      discord.setLacking(REHEARSAL.id, ['attachFiles']);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { ...sending, files: [song()] }), [403, 50_013]);
      discord.removeBot(GUILD.id);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, sending), [403, 50_001]);
      assert.equal(discord.invalidRequests(), 5);
    },
  ],
  [
    'a private chat is one, whoever asks; a person may close it, or share no server with the bot',
    async (discord) => {
      const open = { body: { recipient_id: ADA.id } };
      const { id } = await good(discord, 'POST /users/@me/channels', open);
      assert.equal((await good(discord, 'POST /users/@me/channels', open))['id'], id);
      assert.equal(id, discord.directChat(ADA.id));
      const messages = `/channels/${id}/messages`;
      await post(discord, { content: 'hello' }, messages);
      discord.setDirectMessages(ADA.id, false);
      assert.deepEqual(await errorOf(discord, `POST ${messages}`, { body: { content: 'x' } }), [403, 50_007]);
      discord.setDirectMessages(ADA.id, true);
      discord.removeBot(GUILD.id);
      assert.deepEqual(await errorOf(discord, `POST ${messages}`, { body: { content: 'x' } }), [403, 50_278]);
    },
  ],
  [
    'an answer without content has no content type',
    async (discord) => {
      const id = await post(discord, { content: 'x' });
      const { status, headers } = await call(discord, `DELETE ${MESSAGES}/${id}`);
      assert.deepEqual([status, headers.get('content-type')], [204, null]);
      assert.deepEqual(fromBot(discord), []);
    },
  ],
];

const MESSAGE_FACTS: readonly Fact[] = [
  [
    'a message needs something, and has at most 2000 letters, 10 embeds with 6000 letters, 5 rows of 5 buttons',
    async (discord) => {
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { body: {} }), [400, 50_006]);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { body: { content: ' \n ' } }), [400, 50_006]);
      await post(discord, { content: 'x'.repeat(2000) });
      assert.deepEqual(await wrongFields(discord, { content: 'x'.repeat(2001) }), ['content']);
      assert.deepEqual(await wrongFields(discord, { embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) }), [
        'embeds',
      ]);
      const long = { description: 'x'.repeat(3001) };
      assert.deepEqual(await wrongFields(discord, { embeds: [long, long] }), ['embeds']);
      assert.deepEqual(await wrongFields(discord, { embeds: [{ title: 'x'.repeat(257) }] }), ['embeds']);
      const rows = (most: number): object[] =>
        Array.from({ length: most }, (_, n) => row(button({ custom_id: String(n) })));
      await post(discord, { content: 'x', components: rows(5) });
      assert.deepEqual(await wrongFields(discord, { content: 'x', components: rows(6) }), ['components']);
    },
  ],
  [
    'a button has its own id or an address, and a label of at most 80 letters',
    async (discord) => {
      const wrong = async (...buttons: readonly object[]): Promise<void> => {
        assert.deepEqual(await wrongFields(discord, { content: 'x', components: [row(...buttons)] }), ['components']);
      };
      await wrong(button(), button());
      await wrong(button({ custom_id: 'x'.repeat(101) }));
      await wrong(button({ label: 'x'.repeat(81) }));
      await wrong(button({ style: 5 }));
      await wrong(button({ url: 'https://example.org' }));
      await wrong(...Array.from({ length: 6 }, (_, n) => button({ custom_id: String(n) })));
      const link = { type: 2, style: 5, label: 'Player', url: 'https://example.org/p' };
      await post(discord, { content: 'x', components: [row(button(), link)] });
      assert.deepEqual(fromBot(discord)[0]?.buttons, [
        { label: 'Go', customId: 'go', url: null },
        { label: 'Player', customId: null, url: 'https://example.org/p' },
      ]);
    },
  ],
  [
    'a nonce that is enforced gives the first message for a few minutes, whatever else is sent',
    async (discord) => {
      const body = { nonce: 'n1', enforce_nonce: true };
      const first = await post(discord, { ...body, content: 'one' });
      assert.equal(await post(discord, { ...body, content: 'two' }), first);
      assert.notEqual(await post(discord, { nonce: 'n1', content: 'not enforced' }), first);
      discord.advance(6 * 60_000);
      assert.notEqual(await post(discord, { ...body, content: 'later' }), first);
      assert.deepEqual(await wrongFields(discord, { content: 'x', nonce: 'x'.repeat(26) }), ['nonce']);
    },
  ],
  [
    'of a first message that is deleted the nonce stays taken',
    async (discord) => {
      const body = { content: 'one', nonce: 'n1', enforce_nonce: true };
      const first = await post(discord, body);
      await good(discord, `DELETE ${MESSAGES}/${first}`);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { body }), [404, 10_008]);
    },
  ],
  [
    'an edit changes what it names and keeps the rest; another one’s message it cannot change',
    async (discord) => {
      const id = await post(discord, { content: 'one', embeds: [{ title: 'Card' }], components: [row(button())] });
      await good(discord, `PATCH ${MESSAGES}/${id}`, { body: { content: 'two' } });
      assert.deepEqual(
        fromBot(discord).map(({ text, buttons }) => [text, buttons.length]),
        [['two\nCard', 1]],
      );
      await good(discord, `PATCH ${MESSAGES}/${id}`, { body: { content: null, components: [] } });
      assert.deepEqual(
        fromBot(discord).map(({ text, buttons }) => [text, buttons.length]),
        [['Card', 0]],
      );
      assert.deepEqual(await errorOf(discord, `PATCH ${MESSAGES}/${id}`, { body: { embeds: [] } }), [400, 50_006]);
      const said = await say(discord, 'mine');
      assert.deepEqual(
        await errorOf(discord, `PATCH ${MESSAGES}/${said.id}`, { body: { content: 'x' } }),
        [403, 50_005],
      );
      assert.deepEqual(await errorOf(discord, `DELETE ${MESSAGES}/${said.id}`), [403, 50_013]);
    },
  ],
  [
    'a reply to what is gone fails, unless it may; the reply pings whom it answers, unless it may not',
    async (discord) => {
      const said = await say(discord, 'hello');
      const reply = (id: string, more: object = {}): object => ({
        content: 'hi',
        message_reference: { message_id: id, ...more },
      });
      await post(discord, reply(said.id));
      await post(discord, { ...reply(said.id), allowed_mentions: { parse: [] } });
      await discord.act({ kind: 'delete', by: ADA.id, at: HERE, messageId: said.id });
      assert.deepEqual(await wrongFields(discord, reply(said.id)), ['message_reference']);
      await post(discord, reply(said.id, { fail_if_not_exists: false }));
      assert.deepEqual(
        fromBot(discord).map(({ replyTo, pings }) => [replyTo, pings]),
        [
          [said.id, [ADA.id]],
          [said.id, []],
          [null, []],
        ],
      );
    },
  ],
  [
    'mentions ping only whom allowed_mentions lets them, once, and never by an edit or from an embed',
    async (discord) => {
      const content = `<@${ADA.id}> <@&${RHYTHM_SECTION.id}> @everyone \`<@${BEN.id}>\``;
      const everybody = [ADA.id, BEN.id, CLEO.id];
      const pinged = async (allowed?: object): Promise<readonly string[]> => {
        const id = await post(discord, { content, ...(allowed !== undefined && { allowed_mentions: allowed }) });
        return (
          fromBot(discord)
            .find((message) => message.id === id)
            ?.pings.toSorted() ?? ['none']
        );
      };
      assert.deepEqual(await pinged(), everybody);
      assert.deepEqual(await pinged({ parse: [] }), []);
      assert.deepEqual(await pinged({ parse: ['users'] }), [ADA.id]);
      assert.deepEqual(await pinged({ parse: ['roles'] }), [BEN.id, CLEO.id]);
      assert.deepEqual(await pinged({ parse: [], users: [ADA.id] }), [ADA.id]);
      assert.deepEqual(await pinged({ parse: [], users: [BEN.id] }), []);
      assert.deepEqual(
        await wrongFields(discord, { content, allowed_mentions: { parse: ['users'], users: [ADA.id] } }),
        ['allowed_mentions'],
      );
      discord.setLacking(REHEARSAL.id, ['mentionEveryone']);
      assert.deepEqual(await pinged({ parse: ['everyone'] }), []);
      const quiet = await post(discord, { content: 'x', embeds: [{ description: `<@${ADA.id}>` }] });
      await good(discord, `PATCH ${MESSAGES}/${quiet}`, { body: { content: `<@${ADA.id}>` } });
      assert.deepEqual(fromBot(discord).at(-1)?.pings, []);
      assert.equal(fromBot(discord).at(-1)?.text, '@Ada\n@Ada');
    },
  ],
  [
    'messages are listed newest first, before and after one, without what others cannot see',
    async (discord) => {
      const ids = [
        await post(discord, { content: '1' }),
        await post(discord, { content: '2' }),
        await post(discord, { content: '3' }),
      ];
      const listed = async (query: string): Promise<string[]> => {
        const found = (await good(discord, `GET ${MESSAGES}${query}`)) as unknown as readonly { id: string }[];
        return found.map(({ id }) => id);
      };
      assert.deepEqual(await listed(''), ids.toReversed());
      assert.deepEqual(await listed(`?before=${ids[2] ?? ''}&limit=1`), [ids[1]]);
      assert.deepEqual(await listed(`?after=${ids[0] ?? ''}`), [ids[2], ids[1]]);
    },
  ],
  [
    'people’s words stay hidden from the API too, where the bot has no right to them',
    async (discord) => {
      const hidden = await say(discord, 'a secret', { files: [song()] });
      const open = await say(discord, '@Woodshed not a secret');
      const { content, attachments } = await good(discord, `GET ${MESSAGES}/${hidden.id}`);
      assert.deepEqual([content, attachments], ['', []]);
      assert.match(String((await good(discord, `GET ${MESSAGES}/${open.id}`))['content']), /not a secret/u);
    },
  ],
];

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

const COMMAND_FACTS: readonly Fact[] = [
  [
    'registering replaces what was there, and keeps the ids of what stays',
    async (discord) => {
      const path = `/applications/${discord.botId}/commands`;
      const ids = async (body: readonly object[]): Promise<string[]> =>
        ((await good(discord, `PUT ${path}`, { body })) as unknown as readonly { id: string }[]).map(({ id }) => id);
      const [split, jam] = await ids(COMMANDS);
      assert.deepEqual(await ids(COMMANDS.slice(0, 1)), [split]);
      assert.deepEqual(
        discord.commands(null).map(({ name }) => name),
        ['split'],
      );
      assert.deepEqual(await errorOf(discord, `DELETE ${path}/${jam ?? ''}`), [404, 10_063]);
      assert.deepEqual(
        await errorOf(discord, `PUT /applications/${discord.botId}/guilds/1/commands`, { body: [] }),
        [403, 50_001],
      );
    },
  ],
  [
    'commands that are none are refused',
    async (discord) => {
      const option = (more: object = {}): object => ({ type: 3, name: 'song', description: 'A song', ...more });
      const wrong: readonly (readonly [string, object])[] = [
        ['capitals', { name: 'Split' }],
        ['blanks', { name: 'split it' }],
        ['33 letters', { name: 'x'.repeat(33) }],
        ['no description', { description: '' }],
        ['101 letters of description', { description: 'x'.repeat(101) }],
        ['26 options', { options: Array.from({ length: 26 }, (_, n) => option({ name: `o${String(n)}` })) }],
        [
          '26 choices',
          {
            options: [
              option({ choices: Array.from({ length: 26 }, (_, n) => ({ name: String(n), value: String(n) })) }),
            ],
          },
        ],
        ['the same option twice', { options: [option(), option()] }],
        ['a required option behind another', { options: [option(), option({ name: 'b', required: true })] }],
        [
          'choices and suggestions',
          { options: [option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })] },
        ],
        ['a group below a group', { options: [{ ...option({ type: 2 }), options: [option({ type: 2 })] }] }],
        [
          'more than 8000 letters',
          {
            options: Array.from({ length: 25 }, (_, n) =>
              option({
                name: `o${String(n)}`,
                choices: Array.from({ length: 4 }, (_u, m) => ({ name: String(m).repeat(50), value: 'x'.repeat(50) })),
              }),
            ),
          },
        ],
        ['a menu entry with a description', { type: 3, name: 'Split', description: 'x' }],
      ];
      for (const [what, change] of wrong) {
        const body = [{ name: 'split', description: 'Splits', ...change }];
        assert.deepEqual(
          await errorOf(discord, `PUT /applications/${discord.botId}/commands`, { body }),
          INVALID,
          what,
        );
      }
    },
  ],
];

const INTERACTION_FACTS: readonly Fact[] = [
  [
    'the first answer may be given once; who comes second is 40060',
    async (discord) => {
      await register(discord);
      const { callback, acknowledgedMs } = await opened(discord);
      const sending = { body: { type: 4, data: { content: 'hi' } }, token: null };
      const { status, headers } = await call(discord, `POST ${callback}`, sending);
      assert.deepEqual([status, headers.get('content-type')], [204, null]);
      assert.notEqual(await acknowledgedMs, null);
      assert.deepEqual(await errorOf(discord, `POST ${callback}`, sending), [400, 40_060]);
      assert.deepEqual(await errorOf(discord, 'POST /interactions/1/x/callback', sending), [404, 10_062]);
      assert.deepEqual(
        fromBot(discord).map(({ text }) => text),
        ['hi'],
      );
    },
  ],
  [
    'an answer that is refused is none, and another may come',
    async (discord) => {
      await register(discord);
      const { callback } = await opened(discord);
      assert.deepEqual(await errorOf(discord, `POST ${callback}`, { body: { type: 4, data: {} } }), [400, 50_006]);
      assert.deepEqual(await errorOf(discord, `POST ${callback}`, { body: { type: 12 } }), INVALID);
      assert.deepEqual(
        await errorOf(discord, `POST ${callback}`, { body: { type: 8, data: { choices: [] } } }),
        INVALID,
      );
      assert.deepEqual(
        await errorOf(discord, `POST ${callback}`, { body: { type: 7, data: { content: 'x' } } }),
        INVALID,
      );
      await good(discord, `POST ${callback}`, { body: { type: 4, data: { content: 'hi' } } });
    },
  ],
  [
    'before the first answer its webhook is unknown, and after 15 minutes its token is none',
    async (discord) => {
      await register(discord);
      const { callback, webhook } = await opened(discord);
      const edit = { body: { content: 'more' }, token: null };
      assert.deepEqual(await errorOf(discord, `PATCH ${webhook}/messages/@original`, edit), [404, 10_015]);
      await good(discord, `POST ${callback}`, { body: { type: 5 }, token: null });
      await good(discord, `PATCH ${webhook}/messages/@original`, edit);
      const { id } = await good(discord, `POST ${webhook}`, { body: { content: 'another' }, token: null });
      await good(discord, `PATCH ${webhook}/messages/${String(id)}`, edit);
      await good(discord, `DELETE ${webhook}/messages/${String(id)}`, { token: null });
      assert.equal((await good(discord, `GET ${webhook}/messages/@original`, { token: null }))['content'], 'more');
      const own = await post(discord, { content: 'not of this interaction' });
      assert.deepEqual(await errorOf(discord, `PATCH ${webhook}/messages/${own}`, edit), [404, 10_008]);
      discord.advance(15 * 60_000);
      assert.deepEqual(await errorOf(discord, `PATCH ${webhook}/messages/@original`, edit), [401, 50_027]);
      assert.deepEqual(await errorOf(discord, `POST ${webhook}`, edit), [401, 50_027]);
    },
  ],
  [
    'what follows "is thinking" takes its place, and calls people as a new message',
    async (discord) => {
      await register(discord);
      const { callback, webhook } = await opened(discord);
      await good(discord, `POST ${callback}`, { body: { type: 5 } });
      await good(discord, `POST ${webhook}`, { body: { content: `<@${BEN.id}> done`, flags: 64 } });
      assert.deepEqual(
        fromBot(discord).map(({ text, onlyFor, pings }) => [text, onlyFor, pings]),
        [['@Ben Okafor done', null, [BEN.id]]],
      );
    },
  ],
  [
    'an answer for one person is for nobody else: not in lists, not for other people’s presses, not for the bot’s token',
    async (discord) => {
      await register(discord);
      const { callback, webhook } = await opened(discord);
      const body = { type: 4, data: { content: `<@${BEN.id}> psst`, flags: 64, components: [row(button())] } };
      const answer = await good(discord, `POST ${callback}?with_response=true`, { body });
      const { id } = (answer['resource'] as { message: { id: string } }).message;
      assert.deepEqual(
        fromBot(discord).map(({ onlyFor, pings }) => [onlyFor, pings]),
        [[ADA.id, []]],
      );
      assert.deepEqual(await good(discord, `GET ${MESSAGES}`), []);
      assert.deepEqual(await errorOf(discord, `PATCH ${MESSAGES}/${id}`, { body: { content: 'x' } }), [404, 10_008]);
      const press = { kind: 'press', at: HERE, messageId: id, label: 'Go' } as const;
      await assert.rejects(discord.act({ ...press, by: BEN.id }), RangeError);
      await discord.act({ ...press, by: ADA.id });
      await good(discord, `DELETE ${webhook}/messages/@original`);
      assert.deepEqual(fromBot(discord), []);
    },
  ],
];

const LIMIT_FACTS: readonly Fact[] = [
  [
    'a bucket that is empty is 429 with the wait in body and headers; another channel has its own',
    async (discord) => {
      for (let left = 4; left >= 0; left -= 1) {
        const { headers } = await call(discord, `POST ${MESSAGES}`, { body: { content: 'x' } });
        assert.equal(headers.get('x-ratelimit-remaining'), String(left));
      }
      const { status, headers, body } = await call(discord, `POST ${MESSAGES}`, { body: { content: 'x' } });
      assert.deepEqual([status, headers.get('x-ratelimit-scope'), body?.['global']], [429, 'user', false]);
      assert.ok(Number(body?.['retry_after']) > 0 && Number(headers.get('retry-after')) >= 1);
      assert.equal(discord.invalidRequests(), 1);
      await post(discord, { content: 'x' }, `/channels/${OVERDUBS.id}/messages`);
      discord.advance(5000);
      await post(discord, { content: 'x' });
    },
    { rateLimits: 'on' },
  ],
  [
    'the bot has so many requests a second in all, answers to interactions left out',
    async (discord) => {
      await register(discord);
      const { callback } = await opened(discord);
      discord.setRateLimits('on');
      await post(discord, { content: 'one' });
      await good(discord, 'GET /users/@me');
      const { status, headers, body } = await call(discord, `GET ${MESSAGES}`);
      assert.deepEqual([status, headers.get('x-ratelimit-scope'), body?.['global']], [429, 'global', true]);
      await good(discord, `POST ${callback}`, { body: { type: 4, data: { content: 'two' } } });
      discord.advance(1000);
      await good(discord, 'GET /users/@me');
    },
    { requestsPerSecond: 2, speed: 0.001 },
  ],
  [
    'without limits there are no headers of them either',
    async (discord) => {
      const { headers } = await call(discord, `POST ${MESSAGES}`, { body: { content: 'x' } });
      assert.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('x-ratelimit')),
        [],
      );
    },
  ],
];

const GROUPS: Readonly<Record<string, readonly Fact[]>> = {
  access: ACCESS,
  messages: MESSAGE_FACTS,
  files: FILES,
  places: PLACES,
  commands: COMMAND_FACTS,
  interactions: INTERACTION_FACTS,
  limits: LIMIT_FACTS,
};

for (const [group, facts] of Object.entries(GROUPS)) {
  describe(`the emulated Discord: ${group}`, () => {
    for (const [name, check, options = {}] of facts) it(name, { timeout: 120_000 }, () => withDiscord(options, check));
  });
}
