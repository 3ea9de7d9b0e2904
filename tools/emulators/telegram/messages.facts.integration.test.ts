/** Texts, keyboards, presses and edits: documented facts, each held against the emulator. */
import assert from 'node:assert/strict';
import type { Fact } from './facts.test-kit.ts';
import { checkFacts, refused, idOf, onlyMessage } from './facts.test-kit.ts';
import { BEN, CLEO } from './options.ts';
import { ADAS_CHAT, GROUP_CHAT } from './telegram.test-kit.ts';
import type { ApiAnswer } from './telegram.test-kit.ts';

const FACTS: readonly Fact[] = [
  {
    says: 'entities are counted in UTF-16 units, and commands, mentions and links are found without being marked',
    async check(bench) {
      await bench.says(ADAS_CHAT, '🎸 /split@woodshed_emulated_bot want:vocals https://example.com/a.mp3');
      assert.deepEqual((await onlyMessage(bench))['entities'], [
        { type: 'bot_command', offset: 3, length: 28 },
        { type: 'url', offset: 44, length: 25 },
      ]);
    },
  },
  {
    says: '4096 characters are counted after the mark-up is gone',
    async check({ call }) {
      const text = `<b>${'x'.repeat(4096)}</b>`;
      const id = idOf(await call('sendMessage', { chat_id: ADAS_CHAT, text, parse_mode: 'HTML' }));
      const longer = { chat_id: ADAS_CHAT, text: 'x'.repeat(4097) };
      refused(await call('sendMessage', longer), 400, 'Bad Request: message is too long');
      refused(await call('editMessageText', { ...longer, message_id: id }), 400, 'Bad Request: MESSAGE_TOO_LONG');
    },
  },
  {
    says: 'broken mark-up is refused with what is wrong, before anything else is looked at',
    async check({ call }) {
      const nowhere = { chat_id: 1 };
      refused(
        await call('sendMessage', { ...nowhere, text: '<b>x', parse_mode: 'HTML' }),
        400,
        'Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"',
      );
      refused(
        await call('sendMessage', { ...nowhere, text: 'a.b', parse_mode: 'MarkdownV2' }),
        400,
        "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
      );
      refused(
        await call('sendMessage', { ...nowhere, text: '🏟 🏟_abacaba', parse_mode: 'MarkdownV2' }),
        400,
        "Bad Request: can't parse entities: Can't find end of Italic entity at byte offset 9",
      );
      refused(await call('sendMessage', { ...nowhere, text: 'x' }), 400, 'Bad Request: chat not found');
    },
  },
  {
    says: 'people without a username are pinged by a text_mention',
    async check({ call, telegram }) {
      const text = 'Cleo, @ben_bass: done';
      const entities = [{ type: 'text_mention', offset: 0, length: 4, user: { id: CLEO.id } }];
      const { result } = await call('sendMessage', { chat_id: GROUP_CHAT, text, entities });
      const seen = telegram.conversation.find(GROUP_CHAT, String(result?.message_id));
      assert.deepEqual(seen?.pings, [String(CLEO.id), String(BEN.id)]);
    },
  },
  {
    says: 'callback_data is 1 to 64 bytes, not characters',
    async check({ call }) {
      const send = async (data: string): Promise<ApiAnswer> =>
        await call('sendMessage', {
          chat_id: ADAS_CHAT,
          text: 'x',
          reply_markup: { inline_keyboard: [[{ text: 'Go', callback_data: data }]] },
        });
      idOf(await send('é'.repeat(32)));
      refused(await send('é'.repeat(33)), 400, 'Bad Request: BUTTON_DATA_INVALID');
      refused(await send(''), 400, 'Bad Request: BUTTON_DATA_INVALID');
    },
  },
  {
    says: 'a press brings a callback_query, and its answer is a toast for that person, once',
    async check(bench) {
      const reply_markup = { inline_keyboard: [[{ text: 'Cancel', callback_data: '1|abc|cancel' }]] };
      const messageId = String(
        idOf(await bench.call('sendMessage', { chat_id: GROUP_CHAT, text: 'card', reply_markup })),
      );
      const at = { chat: GROUP_CHAT, thread: null };
      const { id } = await bench.telegram.act({ kind: 'press', by: String(BEN.id), at, messageId, label: 'Cancel' });
      const query = await onlyMessage(bench, 'callback_query');
      assert.equal(query['id'], id);
      assert.equal(query['data'], '1|abc|cancel');
      assert.equal((query['message'] as { message_id: number }).message_id, Number(messageId));
      const answer = { callback_query_id: id, text: 'Cancelled' };
      assert.equal((await bench.call('answerCallbackQuery', answer)).ok, true);
      assert.deepEqual(
        bench.telegram.conversation.events.flatMap((event) =>
          event.kind === 'notice' ? [[event.onlyFor, event.text]] : [],
        ),
        [[String(BEN.id), 'Cancelled']],
      );
      refused(
        await bench.call('answerCallbackQuery', answer),
        400,
        /^Bad Request: query is too old and response timeout expired/u,
      );
    },
  },
  {
    says: 'the answer to a press may open the bot itself with a payload, and nothing else',
    async check(bench) {
      const reply_markup = { inline_keyboard: [[{ text: 'Open', callback_data: 'open' }]] };
      const messageId = String(
        idOf(await bench.call('sendMessage', { chat_id: GROUP_CHAT, text: 'card', reply_markup })),
      );
      const at = { chat: GROUP_CHAT, thread: null };
      const { id } = await bench.telegram.act({ kind: 'press', by: String(BEN.id), at, messageId, label: 'Open' });
      const open = async (url: string): Promise<ApiAnswer> =>
        await bench.call('answerCallbackQuery', { callback_query_id: id, url });
      refused(await open('https://example.org/'), 400, 'Bad Request: URL_INVALID');
      refused(await open('https://t.me/another_bot?start=x'), 400, 'Bad Request: URL_INVALID');
      const url = 'https://t.me/woodshed_emulated_bot?start=x';
      assert.equal((await open(url)).ok, true);
      assert.deepEqual(
        bench.telegram.conversation.events.flatMap((event) =>
          event.kind === 'notice' ? [[event.onlyFor, event.text]] : [],
        ),
        [[String(BEN.id), url]],
      );
    },
  },
  {
    says: 'a press that waited too long cannot be answered',
    options: { queryLifeMs: 10_000 },
    async check(bench) {
      const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
      const messageId = String(
        idOf(await bench.call('sendMessage', { chat_id: ADAS_CHAT, text: 'card', reply_markup })),
      );
      const at = { chat: ADAS_CHAT, thread: null };
      const { id } = await bench.telegram.act({ kind: 'press', by: ADAS_CHAT, at, messageId, label: 'Go' });
      bench.telegram.advance(10_001);
      refused(await bench.call('answerCallbackQuery', { callback_query_id: id }), 400, /query is too old/u);
    },
  },
  {
    says: 'an edit that changes nothing is refused, and a keyboard that is not given goes away',
    async check({ call, telegram }) {
      const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
      const message_id = idOf(await call('sendMessage', { chat_id: ADAS_CHAT, text: 'one', reply_markup }));
      const same = { chat_id: ADAS_CHAT, message_id, text: 'one', reply_markup };
      refused(await call('editMessageText', same), 400, /^Bad Request: message is not modified: /u);
      assert.equal((await call('editMessageText', { ...same, reply_markup: undefined })).ok, true);
      assert.deepEqual(telegram.conversation.find(ADAS_CHAT, String(message_id))?.buttons, []);
    },
  },
  {
    says: 'messages to edit, delete and reply to must be there, and be its own to be edited',
    async check({ call, says }) {
      const gone = { chat_id: ADAS_CHAT, message_id: 99_999 };
      refused(await call('editMessageText', { ...gone, text: 'x' }), 400, 'Bad Request: message to edit not found');
      refused(await call('deleteMessage', gone), 400, 'Bad Request: message to delete not found');
      const reply = { chat_id: ADAS_CHAT, text: 'x', reply_parameters: { message_id: 99_999 } };
      refused(await call('sendMessage', reply), 400, 'Bad Request: message to be replied not found');
      idOf(
        await call('sendMessage', {
          ...reply,
          reply_parameters: { message_id: 99_999, allow_sending_without_reply: true },
        }),
      );
      const { id } = await says(ADAS_CHAT, 'mine');
      const edit = { chat_id: ADAS_CHAT, message_id: Number(id), text: 'x' };
      refused(await call('editMessageText', edit), 400, "Bad Request: message can't be edited");
    },
  },
  {
    says: 'an edit comes as edited_message with the new text; a deletion is never told',
    async check(bench) {
      const at = { chat: ADAS_CHAT, thread: null };
      const { id } = await bench.says(ADAS_CHAT, 'frist');
      const [first] = await bench.updates();
      await bench.updates(Number(first?.['update_id']) + 1);
      await bench.telegram.act({ kind: 'edit', by: ADAS_CHAT, at, messageId: id, text: 'first' });
      const edited = await onlyMessage(bench, 'edited_message');
      assert.equal(edited['text'], 'first');
      assert.equal(typeof edited['edit_date'], 'number');
      await bench.telegram.act({ kind: 'delete', by: ADAS_CHAT, at, messageId: id });
      await onlyMessage(bench, 'edited_message');
      assert.equal(bench.telegram.conversation.find(ADAS_CHAT, id), null);
    },
  },
  {
    says: 'the bot deletes its own messages for 48 hours',
    async check({ call, telegram }) {
      const message_id = idOf(await call('sendMessage', { chat_id: GROUP_CHAT, text: 'x' }));
      const old = idOf(await call('sendMessage', { chat_id: GROUP_CHAT, text: 'y' }));
      assert.equal((await call('deleteMessage', { chat_id: GROUP_CHAT, message_id })).ok, true);
      telegram.advance(48 * 3_600_000 + 1000);
      refused(
        await call('deleteMessage', { chat_id: GROUP_CHAT, message_id: old }),
        400,
        "Bad Request: message can't be deleted",
      );
    },
  },
];

checkFacts(FACTS);
