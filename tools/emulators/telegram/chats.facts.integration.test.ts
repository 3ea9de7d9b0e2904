/** Private chats, groups, topics, channels, and who may write there: documented facts, each held against the emulator. */
import assert from 'node:assert/strict';
import type { Fact } from './facts.test-kit.ts';
import { checkFacts, refused, idOf, onlyMessage } from './facts.test-kit.ts';
import { ADA, BEN, CLEO, FORUM, GROUP } from './options.ts';
import { ADAS_CHAT, FORUM_CHAT, GROUP_CHAT, song } from './telegram.test-kit.ts';
import type { ApiAnswer } from './telegram.test-kit.ts';

const FACTS: readonly Fact[] = [
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
    says: 'an album counts as its messages, and if it is too much, not even one message passes after it',
    options: { floodLimits: true },
    async check({ call, telegram }) {
      idOf(await call('sendMessage', { chat_id: GROUP_CHAT, text: 'x' }));
      const { result } = await call('sendAudio', { chat_id: ADAS_CHAT }, { audio: song('a.mp3') });
      const { file_id: media } = (result?.['audio'] ?? {}) as { file_id?: string };
      const album = Array.from({ length: 3 }, () => ({ type: 'audio', media }));
      const answer = await call('sendMediaGroup', { chat_id: GROUP_CHAT, media: album });
      refused(answer, 429, /retry after/u);
      refused(await call('sendMessage', { chat_id: GROUP_CHAT, text: 'x' }), 429, /retry after/u);
      telegram.advance((answer.parameters?.retry_after ?? 0) * 1000 + 1);
      const { result: sent } = await call('sendMediaGroup', { chat_id: GROUP_CHAT, media: album });
      assert.equal((sent as unknown as readonly unknown[]).length, 3);
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
      idOf(await send({}));
      bench.telegram.closeTopic(FORUM_CHAT, '1');
      refused(await send({}), 400, 'Bad Request: TOPIC_CLOSED');
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
    says: 'a deleted group refuses everything, and getChatMember says where somebody stands',
    async check({ call, telegram }) {
      const { result } = await call('getChatMember', { chat_id: GROUP_CHAT, user_id: CLEO.id });
      assert.equal(result?.['status'], 'member');
      assert.equal(
        (await call('getChatMember', { chat_id: GROUP_CHAT, user_id: BEN.id })).result?.['status'],
        'creator',
      );
      telegram.deleteChat(GROUP_CHAT);
      const send = { chat_id: GROUP_CHAT, text: 'x' };
      refused(await call('sendMessage', send), 403, 'Forbidden: the group chat was deleted');
    },
  },
  {
    says: 'a chat may refuse the bot for any reason, in the words that a test chooses; the log says which chat was meant',
    async check({ call, telegram }) {
      telegram.refuse(GROUP_CHAT, 400, 'Bad Request: CHAT_RESTRICTED');
      for (const method of ['sendMessage', 'editMessageText']) {
        const answer = await call(method, { chat_id: GROUP_CHAT, message_id: 1, text: 'x' });
        refused(answer, 400, 'Bad Request: CHAT_RESTRICTED');
      }
      idOf(await call('sendMessage', { chat_id: ADAS_CHAT, text: 'x' }));
      await call('getMe');
      assert.deepEqual(
        telegram.requests.map(({ chat, status }) => [chat, status]),
        [
          [GROUP_CHAT, 400],
          [GROUP_CHAT, 400],
          [ADAS_CHAT, 200],
          [null, 200],
        ],
      );
    },
  },
  {
    says: 'a token that was revoked is none',
    async check({ call, telegram }) {
      telegram.revokeToken();
      refused(await call('getMe'), 401, 'Unauthorized');
    },
  },
];

checkFacts(FACTS);
