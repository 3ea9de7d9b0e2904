/** Block Kit and views: what Slack documents, over plain HTTP. */
import assert from 'node:assert/strict';
import { ADA, REHEARSAL } from './options.ts';
import type { SlackEmulator } from './slack-emulator.ts';
import { checkFacts, errorOf, fromBot, good } from './slack.test-kit.ts';
import type { Fact } from './slack.test-kit.ts';

const here = { channel: REHEARSAL.id };
const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } });
const actions = (...elements: readonly object[]): object => ({ type: 'actions', elements });
const button = (more: object = {}): object => ({ type: 'button', text: { type: 'plain_text', text: 'Go' }, ...more });
const words = (text: string): object => ({ type: 'plain_text', text });
const entries = (many: number, more: object = {}): readonly object[] =>
  Array.from({ length: many }, (_, n) => ({ text: words(`Entry ${String(n)}`), value: `v${String(n)}`, ...more }));
const menu = (options: readonly object[], more: object = {}): object => ({
  type: 'static_select',
  action_id: 'pick',
  options,
  ...more,
});
const posting = (blocks: unknown) => (slack: SlackEmulator) => errorOf(slack, 'chat.postMessage', { ...here, blocks });

const HOME = { type: 'home', blocks: [section('*Library*')] };
const FACTS: readonly Fact[] = [
  [
    'blocks that are no JSON, or no list, are invalid_blocks_format',
    async (slack) => {
      assert.equal(await posting('hello')(slack), 'invalid_blocks_format');
      assert.equal(await posting({ type: 'divider' })(slack), 'invalid_blocks_format');
    },
  ],
  ...(
    [
      ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
      ['a type that is not there', [{ type: 'divder' }]],
      ['a text above 3,000 characters', [section('x'.repeat(3001))]],
      ['a header above 150', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
      ['a button’s value above 2,000', [actions(button({ value: 'x'.repeat(2001) }))]],
      ['an action id above 255', [actions(button({ action_id: 'x'.repeat(256) }))]],
      ['101 entries of a menu', [actions(menu(entries(101)))]],
      ['no entry of a menu', [actions(menu([]))]],
      ['an entry above 75 characters', [actions(menu(entries(1, { text: words('x'.repeat(76)) })))]],
      ['an entry’s value above 150', [actions(menu(entries(1, { value: 'x'.repeat(151) })))]],
      ['150 characters on a menu, and one', [actions(menu(entries(1), { placeholder: words('x'.repeat(151)) }))]],
      ['26 buttons in a row', [actions(...Array.from({ length: 26 }, () => button()))]],
      ['the same action id twice in a block', [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))]],
      [
        'the same block id twice',
        [
          { ...section('a'), block_id: 'b' },
          { ...section('c'), block_id: 'b' },
        ],
      ],
    ] as const
  ).map(([what, blocks]): Fact => [
    `${what}: invalid_blocks`,
    async (slack) => {
      assert.equal(await posting(blocks)(slack), 'invalid_blocks');
      assert.deepEqual(fromBot(slack), []);
    },
  ]),
  [
    'what is just within the limits passes',
    async (slack) => {
      const row = actions(...Array.from({ length: 25 }, () => button({ value: 'x'.repeat(2000) })));
      const blocks = [section('x'.repeat(3000)), row, ...Array.from({ length: 48 }, () => ({ type: 'divider' }))];
      assert.equal(await posting(blocks)(slack), undefined);
      assert.equal(fromBot(slack)[0]?.buttons.length, 25);
    },
  ],
  [
    'people see the entries of a menu and what stands on it',
    async (slack) => {
      const chosen = menu(entries(100), { placeholder: words('Choose &amp; go') });
      assert.equal(await posting([actions(button({ action_id: 'go' }), chosen)])(slack), undefined);
      const buttons = fromBot(slack)[0]?.buttons ?? [];
      assert.equal(buttons.length, 101);
      assert.deepEqual(buttons.slice(0, 2), [
        { label: 'Go', customId: 'go', url: null },
        { label: 'Entry 0', customId: 'pick', url: null, menu: 'Choose & go' },
      ]);
    },
  ],
  [
    'an App Home is published for a person, and only over the hash that it has',
    async (slack) => {
      const { view } = await good(slack, 'views.publish', { user_id: ADA.id, view: HOME });
      const { hash } = view as { hash: string };
      assert.equal(slack.conversation.messages(`home:${ADA.id}`)[0]?.text, 'Library');
      const again = { user_id: ADA.id, view: { type: 'home', blocks: [section('Two')] } };
      await good(slack, 'views.publish', { ...again, hash });
      assert.equal(await errorOf(slack, 'views.publish', { ...again, hash }), 'hash_conflict');
      assert.deepEqual(
        slack.conversation.messages(`home:${ADA.id}`).map(({ text }) => text),
        ['Two'],
      );
      const bad = { user_id: ADA.id, view: { type: 'home', blocks: [section('x'.repeat(3001))] } };
      assert.equal(await errorOf(slack, 'views.publish', bad), 'invalid_arguments');
    },
  ],
  [
    'a view is opened by a trigger that Slack gave',
    async (slack) => {
      const title = { type: 'plain_text', text: 'New' };
      const view = { type: 'modal', title, blocks: [section('x')] };
      assert.equal(await errorOf(slack, 'views.open', { trigger_id: '1.2.ab', view }), 'invalid_trigger_id');
    },
  ],
];

checkFacts('blocks and views', FACTS);
