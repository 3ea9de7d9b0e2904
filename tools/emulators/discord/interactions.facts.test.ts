/** Commands, and answers to interactions: what Discord documents and this emulator obeys, over plain HTTP. */
import assert from 'node:assert/strict';
import {
  COMMANDS,
  HERE,
  MESSAGES,
  call,
  connect,
  errorOf,
  fromBot,
  good,
  nextEvent,
  post,
  register,
} from './discord.test-kit.ts';
import { INVALID, button, opened, row, testFacts } from './facts.test-kit.ts';
import type { Fact } from './facts.test-kit.ts';
import { ADA, BEN } from './options.ts';

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

const menu = (more: object = {}): object => ({ type: 3, custom_id: 'pick', options: entries(2), ...more });
const entries = (many: number): readonly { readonly label: string; readonly value: string }[] =>
  Array.from({ length: many }, (_, n) => ({ label: `Entry ${String(n)}`, value: `v${String(n)}` }));

const MENU_FACTS: readonly Fact[] = [
  ...(
    [
      ['no entry', row(menu({ options: [] }))],
      ['26 entries', row(menu({ options: entries(26) }))],
      ['101 letters of an entry', row(menu({ options: [{ label: 'x'.repeat(101), value: 'v' }] }))],
      ['101 letters of a value', row(menu({ options: [{ label: 'x', value: 'v'.repeat(101) }] }))],
      ['no value', row(menu({ options: [{ label: 'x' }] }))],
      ['the same value twice', row(menu({ options: [...entries(2), { label: 'x', value: 'v0' }] }))],
      ['151 letters on it', row(menu({ placeholder: 'x'.repeat(151) }))],
      ['101 letters of its id', row(menu({ custom_id: 'x'.repeat(101) }))],
      ['a button beside it', row(menu(), button())],
      ['a menu beside it', row(menu(), menu({ custom_id: 'other' }))],
      ['no row around it', menu()],
    ] as const
  ).map(([what, component]): Fact => [
    `a menu with ${what} is refused`,
    async (discord) => {
      const body = { content: 'x', components: [component] };
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { body }), INVALID);
      assert.deepEqual(fromBot(discord), []);
    },
  ]),
  [
    'what is just within the limits of a menu passes, below four rows of buttons',
    async (discord) => {
      const buttons = (n: number): object =>
        row(...Array.from({ length: 5 }, (_, m) => button({ custom_id: `b${String(n)}${String(m)}` })));
      const options = entries(24).map(({ value }) => ({ label: 'x'.repeat(100), value }));
      const full = menu({
        custom_id: 'x'.repeat(100),
        placeholder: 'x'.repeat(150),
        options: [...options, { label: 'last', value: 'v'.repeat(100) }],
      });
      await post(discord, { content: 'x', components: [...[1, 2, 3, 4].map(buttons), row(full)] });
      assert.equal(fromBot(discord)[0]?.buttons.length, 20 + 25);
    },
  ],
  [
    'people see the entries of a menu and what stands on it, and the bot is told which one was chosen',
    async (discord) => {
      const messageId = await post(discord, {
        content: 'Stems',
        components: [row(button()), row(menu({ placeholder: 'Choose one' })), row(menu({ custom_id: 'other' }))],
      });
      assert.deepEqual(fromBot(discord)[0]?.buttons.slice(0, 4), [
        { label: 'Go', customId: 'go', url: null },
        { label: 'Entry 0', customId: 'pick', url: null, menu: 'Choose one' },
        { label: 'Entry 1', customId: 'pick', url: null, menu: 'Choose one' },
        { label: 'Entry 0', customId: 'other', url: null, menu: 'Make a selection' },
      ]);
      const gateway = await connect(discord);
      await discord.act({ kind: 'press', by: BEN.id, at: HERE, messageId, label: 'Entry 1' });
      const told = await nextEvent(gateway, 'INTERACTION_CREATE');
      gateway.drop();
      assert.equal(told['type'], 3);
      assert.deepEqual(told['data'], { custom_id: 'pick', component_type: 3, id: 4, values: ['v1'] });
      await assert.rejects(
        discord.act({ kind: 'press', by: BEN.id, at: HERE, messageId, label: 'Entry 2' }),
        RangeError,
      );
    },
  ],
];

testFacts('menus of messages', MENU_FACTS);
testFacts('commands', COMMAND_FACTS);
testFacts('interactions', INTERACTION_FACTS);
