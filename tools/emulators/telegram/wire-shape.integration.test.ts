import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultSpecsDir } from '../core/spec-check.ts';
import { ADA, BEN, FORUM, GROUP, PRIVATE_CHAT } from './options.ts';
import { ADAS_CHAT, FORUM_CHAT, GROUP_CHAT, song, withBench } from './telegram.test-kit.ts';
import { openWireShape } from './wire-shape.test-kit.ts';

const SPEC = join(defaultSpecsDir(), 'telegram-bot-api.json');

test(
  'everything that the bot is told is shaped as documented',
  { timeout: 120_000, skip: existsSync(SPEC) ? false : `no description of the Bot API at ${SPEC}` },
  async () => {
    const judge = await openWireShape(SPEC);
    const channel = { ...FORUM, id: -1_001_900_000_077, type: 'channel' as const, topics: null };
    const anonymous = { ...FORUM, id: -1_001_900_000_078, topics: null, anonymousAdmins: [ADA.id] };
    const chats = [PRIVATE_CHAT, FORUM, GROUP, channel, anonymous];
    await withBench({ chats, privacyMode: false }, async ({ call, says, telegram, updates }) => {
      const results: [type: string, value: unknown][] = [];
      const keep = async (type: string, method: string, parameters: Record<string, unknown>): Promise<void> => {
        const answer = await call(method, parameters);
        assert.equal(answer.ok, true, `${method}: ${answer.description ?? ''}`);
        results.push([type, answer.result]);
      };
      const reply_markup = {
        inline_keyboard: [
          [
            { text: 'Go', callback_data: 'go' },
            { text: 'See', url: 'https://example.com' },
          ],
        ],
      };
      await keep('User', 'getMe', {});
      await keep('Message', 'sendMessage', {
        chat_id: ADAS_CHAT,
        text: '<b>x</b> /go',
        parse_mode: 'HTML',
        reply_markup,
      });
      await keep('Message', 'sendMessage', { chat_id: channel.id, text: 'post' });
      const card = String((results.at(-2)?.[1] as { message_id: number } | undefined)?.message_id);
      await says(ADAS_CHAT, '/split it', { replyTo: card });
      for (const file of [
        song('a.mp3'),
        song('voice.ogg', 9, 'audio/ogg'),
        song('a.wav'),
        song('a.png', 99, 'image/png'),
      ]) {
        await says(FORUM_CHAT, 'a file', { files: [file], thread: '11' });
      }
      await says(GROUP_CHAT, 'album', { files: [song('1.mp3'), song('2.mp3')] });
      await says(String(channel.id), 'post');
      await says(String(anonymous.id), 'as the group');
      const place = { by: ADAS_CHAT, at: { chat: ADAS_CHAT, thread: null } };
      await telegram.act({ kind: 'press', ...place, messageId: card, label: 'Go' });
      const { id } = await says(ADAS_CHAT, 'typo');
      await telegram.act({ kind: 'edit', ...place, messageId: id, text: 'no typo' });
      telegram.closeTopic(FORUM_CHAT, '12');
      telegram.migrateGroup(GROUP_CHAT);
      telegram.blockBot(ADAS_CHAT);
      telegram.unblockBot(ADAS_CHAT);
      await keep('ChatFullInfo', 'getChat', { chat_id: FORUM_CHAT });
      await keep('ChatFullInfo', 'getChat', { chat_id: ADAS_CHAT });
      await keep('ChatMember', 'getChatMember', { chat_id: FORUM_CHAT, user_id: ADA.id });
      await keep('ChatMember', 'getChatMember', { chat_id: FORUM_CHAT, user_id: BEN.id });
      results.push(['WebhookInfo', (await call('getWebhookInfo')).result]);
      const waiting = await updates();
      assert.ok(waiting.length >= 15);
      results.push(['Array of Update', waiting]);
      assert.deepEqual(
        results.flatMap(([type, value]) => judge(type, value)),
        [],
      );
    });
    assert.notDeepEqual(judge('User', { id: 1, is_bot: true, first_nam: 'x' }), []);
  },
);
