/** How a bot calls, and how updates come to it: documented facts, each held against the emulator. */
import assert from 'node:assert/strict';
import type { Fact } from './facts.test-kit.ts';
import { checkFacts, refused, idOf, onlyMessage } from './facts.test-kit.ts';
import { BOT } from './options.ts';
import { ADAS_CHAT, read } from './telegram.test-kit.ts';

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
    says: 'a webhook needs an http address and a secret of letters, digits, _ and -; setting it can drop what waits',
    async check({ call, says, telegram }) {
      const url = 'http://127.0.0.1:9/hook';
      refused(await call('setWebhook', { url: 'nowhere' }), 400, 'Bad Request: invalid webhook URL specified');
      refused(
        await call('setWebhook', { url, secret_token: 'a b' }),
        400,
        'Bad Request: secret token contains unallowed characters',
      );
      const { acknowledgedMs } = await says(ADAS_CHAT, 'dropped');
      assert.equal((await call('setWebhook', { url, drop_pending_updates: true })).ok, true);
      assert.equal(await acknowledgedMs, null);
      assert.equal(telegram.pendingUpdates(), 0);
    },
  },
];

checkFacts(FACTS);
