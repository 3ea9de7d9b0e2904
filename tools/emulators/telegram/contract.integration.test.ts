/** Documented facts of the Bot API, each held against the emulator: what a bot may rely on, and what will trip it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, BEN, BOT, CLEO, FORUM, GROUP } from './options.ts';
import type { TelegramOptions } from './options.ts';
import { ADAS_CHAT, FORUM_CHAT, GROUP_CHAT, read, song, withBench } from './telegram.test-kit.ts';
import type { ApiAnswer, Bench } from './telegram.test-kit.ts';

interface Fact {
  readonly says: string;
  readonly options?: TelegramOptions;
  readonly check: (bench: Bench) => Promise<void>;
}

function refused(answer: ApiAnswer, code: number, description: string | RegExp): void {
  assert.equal(answer.ok, false);
  assert.equal(answer.status, code);
  assert.equal(answer.error_code, code);
  if (typeof description === 'string') assert.equal(answer.description, description);
  else assert.match(answer.description ?? '', description);
}

function idOf(answer: ApiAnswer): number {
  assert.equal(answer.ok, true, answer.description);
  return Number(answer.result?.message_id);
}

/** @returns what `message` holds in the only update that waits */
async function onlyMessage({ updates }: Bench, kind = 'message'): Promise<Record<string, unknown>> {
  const waiting = await updates();
  assert.deepEqual(
    waiting.map((update) => Object.keys(update)),
    [['update_id', kind]],
  );
  return waiting[0]?.[kind] as Record<string, unknown>;
}

const FACTS: readonly Fact[] = [
  {
    says: 'getMe names the bot and whether it reads all of a group',
    async check({ call }) {
      const { result } = await call('getMe');
      assert.deepEqual([result?.['id'], result?.['is_bot'], result?.['username']], [BOT.id, true, BOT.username]);
      assert.equal(result?.['can_read_all_group_messages'], false);
    },
  },
  {
    says: 'a wrong token is 401, an unknown method 404, and the case of a method does not matter',
    async check({ telegram, call }) {
      refused(await read(await fetch(`${telegram.root}/bot7000001:nonsense/getMe`)), 401, 'Unauthorized');
      refused(await call('getMeNot'), 404, 'Not Found: method not found');
      assert.equal((await call('GETME')).ok, true);
    },
  },
  {
    says: 'parameters come by query, form, multipart or JSON alike',
    async check({ telegram, call }) {
      const url = `${telegram.root}/bot${telegram.token}/sendMessage`;
      const parameters = { chat_id: ADAS_CHAT, text: 'same' };
      const form = new FormData();
      for (const [name, value] of Object.entries(parameters)) form.set(name, value);
      const query = new URLSearchParams(parameters);
      idOf(await call('sendMessage', parameters));
      idOf(await read(await fetch(`${url}?${query.toString()}`)));
      idOf(await read(await fetch(url, { method: 'POST', body: query })));
      idOf(await read(await fetch(url, { method: 'POST', body: form })));
      assert.equal(telegram.conversation.messages(ADAS_CHAT).filter(({ text }) => text === 'same').length, 4);
    },
  },
  {
    says: 'an update comes again until an offset above it confirms it',
    async check(bench) {
      const { acknowledgedMs } = await bench.says(ADAS_CHAT, 'hello');
      const [first] = await bench.updates();
      const [again] = await bench.updates();
      assert.deepEqual(again, first);
      assert.deepEqual(await bench.updates(Number(first?.['update_id']) + 1), []);
      assert.ok(Number(await acknowledgedMs) >= 0);
    },
  },
  {
    says: 'a negative offset forgets all but the last updates',
    async check(bench) {
      for (const text of ['1', '2', '3']) await bench.says(ADAS_CHAT, text);
      assert.equal((await bench.updates(-1)).length, 1);
      assert.equal((await onlyMessage(bench))['text'], '3');
    },
  },
  {
    says: 'at most 100 updates come at once',
    async check(bench) {
      for (let count = 0; count < 103; count += 1) await bench.says(ADAS_CHAT, `line ${String(count)}`);
      const first = await bench.updates();
      assert.equal(first.length, 100);
      assert.equal((await bench.updates(Number(first.at(-1)?.['update_id']) + 1)).length, 3);
    },
  },
  {
    says: 'a second poll ends the first with 409',
    async check({ call, says }) {
      const first = call('getUpdates', { timeout: 50 });
      const second = call('getUpdates', { timeout: 50 });
      refused(await Promise.race([first, second]), 409, /^Conflict: terminated by other getUpdates request; /u);
      await says(ADAS_CHAT, 'for one of them');
      const answers = await Promise.all([first, second]);
      assert.equal(answers.filter(({ ok }) => ok).length, 1);
    },
  },
  {
    says: 'polling while a webhook is set is 409',
    async check({ call }) {
      idOf(await call('setWebhook', { url: 'http://127.0.0.1:9/hook' }));
      refused(await call('getUpdates'), 409, /^Conflict: can't use getUpdates method while webhook is active; /u);
      await call('deleteWebhook');
      assert.equal((await call('getUpdates')).ok, true);
    },
  },
  {
    says: 'allowed_updates filters from now on and is remembered',
    async check(bench) {
      await bench.call('getUpdates', { allowed_updates: ['callback_query'] });
      const { acknowledgedMs } = await bench.says(ADAS_CHAT, 'unheard');
      assert.equal(await acknowledgedMs, null);
      assert.deepEqual(await bench.updates(), []);
    },
  },
  {
    says: 'the queue keeps an update for 24 hours',
    async check(bench) {
      const { acknowledgedMs } = await bench.says(ADAS_CHAT, 'old');
      bench.telegram.advance(24 * 3_600_000);
      assert.deepEqual(await bench.updates(), []);
      assert.equal(await acknowledgedMs, null);
    },
  },
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
    says: 'editMessageMedia puts a file into a text message, which then has a caption and no text',
    async check({ call, telegram }) {
      const message_id = idOf(await call('sendMessage', { chat_id: ADAS_CHAT, text: 'working' }));
      const mp3 = song('bass.mp3');
      const media = {
        type: 'audio',
        media: 'attach://stem',
        caption: 'bass',
        title: 'Bass',
        performer: 'Song',
        duration: 3,
      };
      const { result } = await call('editMessageMedia', { chat_id: ADAS_CHAT, message_id, media }, { stem: mp3 });
      const audio = result?.['audio'] as Record<string, unknown>;
      assert.deepEqual(
        [
          audio['title'],
          audio['performer'],
          audio['duration'],
          audio['file_name'],
          audio['file_size'],
          audio['mime_type'],
        ],
        ['Bass', 'Song', 3, 'bass.mp3', 2000, 'audio/mpeg'],
      );
      assert.equal(result?.['caption'], 'bass');
      assert.equal(result?.['text'], undefined);
      const [file] = telegram.conversation.find(ADAS_CHAT, String(message_id))?.files ?? [];
      assert.equal(file?.shownAs, 'audio');
      assert.deepEqual(Buffer.from(telegram.fileBytes?.(file.sha256) ?? []), Buffer.from(mp3.bytes));
      refused(
        await call('editMessageText', { chat_id: ADAS_CHAT, message_id, text: 'x' }),
        400,
        'Bad Request: there is no text in the message to edit',
      );
      const again = {
        type: 'audio',
        media: audio['file_id'],
        caption: 'bass',
        title: 'Bass',
        performer: 'Song',
        duration: 3,
      };
      refused(
        await call('editMessageMedia', { chat_id: ADAS_CHAT, message_id, media: again }),
        400,
        /^Bad Request: message is not modified/u,
      );
    },
  },
  {
    says: 'an album has 2 to 10 of one kind, and comes whole or not at all',
    async check({ call, telegram }) {
      const item = (name: string, type = 'audio'): object => ({ type, media: `attach://${name}` });
      const send = async (items: object[], files: string[]): Promise<ApiAnswer> =>
        await call(
          'sendMediaGroup',
          { chat_id: ADAS_CHAT, media: items },
          Object.fromEntries(files.map((name) => [name, song(`${name}.mp3`)])),
        );
      refused(
        await send([item('a'), item('b', 'document')], ['a', 'b']),
        400,
        "Bad Request: audio can't be mixed with other media types",
      );
      refused(await send([item('a')], ['a']), 400, /2-10/u);
      const eleven = Array.from({ length: 11 }, (_, index) => `f${String(index)}`);
      refused(
        await send(
          eleven.map((name) => item(name)),
          eleven,
        ),
        400,
        'Bad Request: too many messages to send as an album',
      );
      refused(
        await send([item('a'), item('missing')], ['a']),
        400,
        "Bad Request: can't parse InputMedia: media not found",
      );
      assert.deepEqual(telegram.conversation.messages(ADAS_CHAT), []);
      const { result } = await send([item('a'), item('b')], ['a', 'b']);
      const groups = (result as unknown as readonly Record<string, unknown>[]).map(
        (message) => message['media_group_id'],
      );
      assert.equal(groups.length, 2);
      assert.equal(typeof groups[0], 'string');
      assert.equal(groups[0], groups[1]);
    },
  },
  {
    says: 'captions have at most 1024 characters',
    async check({ call }) {
      const send = async (caption: string): Promise<ApiAnswer> =>
        await call('sendDocument', { chat_id: ADAS_CHAT, caption }, { document: song('notes.txt', 10, 'text/plain') });
      idOf(await send('x'.repeat(1024)));
      refused(await send('x'.repeat(1025)), 400, 'Bad Request: message caption is too long');
    },
  },
  {
    says: 'sendAudio takes MP3 and M4A for the player, anything else arrives as a document',
    async check({ call, telegram }) {
      for (const [name, shownAs] of [
        ['a.mp3', 'audio'],
        ['a.m4a', 'audio'],
        ['a.wav', 'file'],
        ['a.flac', 'file'],
      ] as const) {
        const id = idOf(await call('sendAudio', { chat_id: ADAS_CHAT }, { audio: song(name) }));
        assert.equal(telegram.conversation.find(ADAS_CHAT, String(id))?.files[0]?.shownAs, shownAs, name);
      }
      const voice = idOf(
        await call('sendVoice', { chat_id: ADAS_CHAT }, { voice: song('preview.ogg', 500, 'audio/ogg') }),
      );
      assert.equal(telegram.conversation.find(ADAS_CHAT, String(voice))?.files[0]?.shownAs, 'voice');
    },
  },
  {
    says: 'a file is sent again by its id, under its own kind only',
    async check({ call }) {
      const { result } = await call('sendAudio', { chat_id: ADAS_CHAT }, { audio: song('a.mp3') });
      const audio = (result?.['audio'] as { file_id: string } | undefined)?.file_id;
      idOf(await call('sendAudio', { chat_id: GROUP_CHAT, audio }));
      refused(
        await call('sendDocument', { chat_id: GROUP_CHAT, document: audio }),
        400,
        "Bad Request: can't use file of type Audio as Document",
      );
      refused(
        await call('sendAudio', { chat_id: GROUP_CHAT, audio: 'nonsense' }),
        400,
        'Bad Request: wrong file identifier/HTTP URL specified',
      );
    },
  },
  {
    says: 'getFile refuses more than 20 MB, and its path is good for an hour',
    async check(bench) {
      const fits = 20 * 1024 * 1024;
      await bench.says(ADAS_CHAT, '', { files: [song('fits.mp3', fits)] });
      await bench.says(ADAS_CHAT, '', { files: [song('more.mp3', fits + 1)] });
      const ids = (await bench.updates()).map(
        (update) => (update['message'] as { audio: { file_id: string } }).audio.file_id,
      );
      refused(await bench.call('getFile', { file_id: ids[1] }), 400, 'Bad Request: file is too big');
      const { result } = await bench.call('getFile', { file_id: ids[0] });
      const url = `${bench.telegram.root}/file/bot${bench.telegram.token}/${String(result?.['file_path'])}`;
      assert.equal((await (await fetch(url)).arrayBuffer()).byteLength, fits);
      bench.telegram.advance(3_600_001);
      refused(await read(await fetch(url)), 404, 'Not Found');
    },
  },
  {
    says: 'an upload of more than 50 MB is 413',
    async check({ call, telegram }) {
      const most = 50 * 1024 * 1024;
      const send = async (bytes: number): Promise<ApiAnswer> =>
        await call('sendDocument', { chat_id: ADAS_CHAT }, { document: song('stem.wav', bytes) });
      refused(await send(most + 1), 413, 'Request Entity Too Large');
      assert.deepEqual(telegram.conversation.messages(ADAS_CHAT), []);
      idOf(await send(most));
    },
  },
  {
    says: 'the bot cannot begin a private chat, and not write to who blocked it',
    async check({ call, says, telegram }) {
      refused(
        await call('sendMessage', { chat_id: BEN.id, text: 'x' }),
        403,
        "Forbidden: bot can't initiate conversation with a user",
      );
      await says(String(BEN.id), '/start', { by: String(BEN.id) });
      idOf(await call('sendMessage', { chat_id: BEN.id, text: 'x' }));
      telegram.blockBot(String(BEN.id));
      refused(await call('sendMessage', { chat_id: BEN.id, text: 'x' }), 403, 'Forbidden: bot was blocked by the user');
    },
  },
  {
    says: 'a kicked bot is told by my_chat_member, and writes no more',
    async check(bench) {
      bench.telegram.kickBot(GROUP_CHAT);
      const { new_chat_member: now } = await onlyMessage(bench, 'my_chat_member');
      assert.equal((now as { status: string }).status, 'kicked');
      const send = { chat_id: GROUP_CHAT, text: 'x' };
      refused(await bench.call('sendMessage', send), 403, 'Forbidden: bot was kicked from the group chat');
    },
  },
  {
    says: 'a group that became a supergroup is answered with its new id, and says so on both sides',
    async check(bench) {
      const moved = Number(bench.telegram.migrateGroup(GROUP_CHAT));
      const answer = await bench.call('sendMessage', { chat_id: GROUP_CHAT, text: 'x' });
      refused(answer, 400, 'Bad Request: group chat was upgraded to a supergroup chat');
      assert.deepEqual(answer.parameters, { migrate_to_chat_id: moved });
      const messages = (await bench.updates()).map((update) => update['message'] as Record<string, unknown>);
      assert.deepEqual(
        messages.map((message) => [message['migrate_to_chat_id'], message['migrate_from_chat_id']]),
        [
          [moved, undefined],
          [undefined, GROUP.id],
        ],
      );
      idOf(await bench.call('sendMessage', { chat_id: moved, text: 'x' }));
    },
  },
  {
    says: 'a flood wait closes the whole chat, and no other, until it is over',
    options: { floodLimits: true },
    async check({ call, telegram }) {
      const send = async (chat_id: string): Promise<ApiAnswer> => await call('sendMessage', { chat_id, text: 'x' });
      const answers: ApiAnswer[] = [];
      for (let count = 0; count < 5; count += 1) answers.push(await send(GROUP_CHAT));
      const last = answers.at(-1);
      assert.ok(last !== undefined);
      refused(last, 429, /^Too Many Requests: retry after \d+$/u);
      const wait = last.parameters?.retry_after ?? 0;
      assert.ok(wait >= 1);
      idOf(await send(ADAS_CHAT));
      refused(
        await call('editMessageText', { chat_id: GROUP_CHAT, message_id: idOf(answers[0] ?? last), text: 'y' }),
        429,
        /retry after/u,
      );
      telegram.advance(wait * 1000 + 1);
      idOf(await send(GROUP_CHAT));
    },
  },
  {
    says: 'a group takes 20 messages a minute',
    options: { floodLimits: true },
    async check({ call, telegram }) {
      let sent = 0;
      for (let second = 0; second < 30; second += 1) {
        const answer = await call('sendMessage', { chat_id: GROUP_CHAT, text: String(second) });
        if (answer.ok) sent += 1;
        telegram.advance(1100);
      }
      assert.equal(sent, 20);
    },
  },
  {
    says: 'in a topic everything carries its number; General is no number; a closed or unknown one refuses',
    async check(bench) {
      const { id } = await bench.says(FORUM_CHAT, '/split', { thread: '11' });
      const message = await onlyMessage(bench);
      assert.deepEqual([message['message_thread_id'], message['is_topic_message']], [11, true]);
      const send = async (more: object): Promise<ApiAnswer> =>
        await bench.call('sendMessage', { chat_id: FORUM_CHAT, text: 'x', ...more });
      const followed = await send({ reply_parameters: { message_id: Number(id) } });
      assert.equal(followed.result?.['message_thread_id'], 11);
      refused(await send({ message_thread_id: 1 }), 400, 'Bad Request: message thread not found');
      refused(await send({ message_thread_id: 99 }), 400, 'Bad Request: message thread not found');
      bench.telegram.closeTopic(FORUM_CHAT, '11');
      refused(await send({ message_thread_id: 11 }), 400, 'Bad Request: TOPIC_CLOSED');
      idOf(await send({ message_thread_id: 12 }));
    },
  },
  {
    says: 'with privacy mode a group shows commands, mentions and replies to the bot, and nothing else',
    async check(bench) {
      const { result } = await bench.call('sendMessage', { chat_id: GROUP_CHAT, text: 'card' });
      await bench.says(GROUP_CHAT, 'just talking');
      await bench.says(GROUP_CHAT, '/split@some_other_bot');
      await bench.says(GROUP_CHAT, '/split@woodshed_emulated_bot');
      await bench.says(GROUP_CHAT, 'hey @Woodshed_Emulated_Bot');
      await bench.says(GROUP_CHAT, 'thanks', { replyTo: String(result?.message_id) });
      assert.deepEqual(
        (await bench.updates()).map((update) => (update['message'] as { text: string }).text),
        ['/split@woodshed_emulated_bot', 'hey @Woodshed_Emulated_Bot', 'thanks'],
      );
    },
  },
  {
    says: 'a reply carries the message that it answers, its file included, even one that privacy kept from the bot',
    async check(bench) {
      const { id } = await bench.says(GROUP_CHAT, '', { files: [song('take.mp3')] });
      await bench.says(GROUP_CHAT, '/split', { replyTo: id, by: String(BEN.id) });
      const replied = (await onlyMessage(bench))['reply_to_message'] as Record<string, unknown>;
      assert.equal(replied['message_id'], Number(id));
      assert.equal((replied['audio'] as { file_name: string }).file_name, 'take.mp3');
    },
  },
  {
    says: "people's albums come as one update a file, under one media_group_id, the caption on one of them",
    options: { privacyMode: false },
    async check(bench) {
      await bench.says(GROUP_CHAT, '/split', { files: [song('1.mp3'), song('2.mp3'), song('3.mp3')] });
      const messages = (await bench.updates()).map((update) => update['message'] as Record<string, unknown>);
      assert.equal(messages.length, 3);
      assert.equal(new Set(messages.map((message) => message['media_group_id'])).size, 1);
      assert.equal(messages.filter((message) => message['caption'] === '/split').length, 1);
    },
  },
  {
    says: 'an anonymous administrator writes as GroupAnonymousBot in the name of the group',
    options: { chats: [{ ...FORUM, anonymousAdmins: [ADA.id] }] },
    async check(bench) {
      await bench.says(FORUM_CHAT, '/split');
      const { from, sender_chat: senderChat } = await onlyMessage(bench);
      assert.deepEqual(
        [(from as { username: string; is_bot: boolean }).username, (from as { is_bot: boolean }).is_bot],
        ['GroupAnonymousBot', true],
      );
      assert.equal((senderChat as { id: number }).id, FORUM.id);
    },
  },
  {
    says: "a channel's post is a channel_post of the channel, without a person",
    options: { chats: [{ ...FORUM, id: -1_001_900_000_077, type: 'channel', topics: null }] },
    async check(bench) {
      await bench.says('-1001900000077', 'new song');
      const post = await onlyMessage(bench, 'channel_post');
      assert.equal(post['from'], undefined);
      assert.equal((post['sender_chat'] as { id: number }).id, -1_001_900_000_077);
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
    says: 'lists of commands are kept by scope, with names of small letters',
    async check({ call }) {
      const commands = [{ command: 'split', description: 'Take a song apart' }];
      assert.equal((await call('setMyCommands', { commands, scope: { type: 'all_private_chats' } })).ok, true);
      assert.deepEqual((await call('getMyCommands', { scope: { type: 'all_private_chats' } })).result, commands);
      assert.deepEqual((await call('getMyCommands')).result, []);
      const bad = [{ command: 'Split-it', description: 'x' }];
      refused(await call('setMyCommands', { commands: bad }), 400, 'Bad Request: BOT_COMMAND_INVALID');
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

for (const { says, options = {}, check } of FACTS) {
  test(says, { timeout: 120_000 }, async () => {
    await withBench(options, check);
  });
}
