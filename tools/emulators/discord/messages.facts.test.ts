/** Messages: what they may hold, whom they ping, how they are changed and listed: what Discord documents and this emulator obeys, over plain HTTP. */
import assert from 'node:assert/strict';
import { HERE, MESSAGES, errorOf, fromBot, good, post, say, song } from './discord.test-kit.ts';
import { button, row, testFacts, wrongFields } from './facts.test-kit.ts';
import type { Fact } from './facts.test-kit.ts';
import { ADA, BEN, CLEO, REHEARSAL, RHYTHM_SECTION } from './options.ts';

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

testFacts('messages', MESSAGE_FACTS);
