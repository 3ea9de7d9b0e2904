/** Messages, threads, channels: what Slack documents, over plain HTTP. */
import assert from 'node:assert/strict';
import { ADA, BEN, DEMOS, LOBBY, REHEARSAL } from './options.ts';
import { call, checkFacts, errorOf, fromBot, good, say } from './slack.test-kit.ts';
import type { Fact } from './slack.test-kit.ts';

const here = { channel: REHEARSAL.id };
const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } });

const FACTS: readonly Fact[] = [
  [
    'a message is posted by form and by JSON alike, and answered with its ts',
    async (slack) => {
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'one' });
      const { body } = await call(slack, 'chat.postMessage', { ...here, text: 'two' }, { as: 'json' });
      assert.match(String(ts), /^\d{10}\.\d{6}$/u);
      assert.ok(String(body['ts']) > String(ts));
      assert.deepEqual(
        fromBot(slack).map(({ text }) => text),
        ['one', 'two'],
      );
    },
  ],
  [
    'a public channel that the bot is not in is not_in_channel; one that it cannot see channel_not_found',
    async (slack) => {
      slack.removeBot(DEMOS.id);
      assert.equal(await errorOf(slack, 'chat.postMessage', { channel: LOBBY.id, text: 'x' }), 'not_in_channel');
      assert.equal(await errorOf(slack, 'chat.postMessage', { channel: DEMOS.id, text: 'x' }), 'channel_not_found');
      assert.equal(await errorOf(slack, 'chat.postMessage', { channel: 'C1', text: 'x' }), 'channel_not_found');
    },
  ],
  [
    'with chat:write.public the bot posts where it is not',
    async (slack) => {
      await good(slack, 'chat.postMessage', { channel: LOBBY.id, text: 'x' });
      assert.equal(fromBot(slack, LOBBY.id).length, 1);
    },
    { app: { scopes: ['chat:write', 'chat:write.public'] } },
  ],
  [
    'an archived channel is is_archived, a read-only one restricted_action, a deleted one channel_not_found',
    async (slack) => {
      slack.setReadOnly(REHEARSAL.id, true);
      assert.equal(await errorOf(slack, 'chat.postMessage', { ...here, text: 'x' }), 'restricted_action');
      slack.archive(REHEARSAL.id);
      assert.equal(await errorOf(slack, 'chat.postMessage', { ...here, text: 'x' }), 'is_archived');
      slack.deleteChannel(REHEARSAL.id);
      assert.equal(await errorOf(slack, 'chat.postMessage', { ...here, text: 'x' }), 'channel_not_found');
      assert.deepEqual(fromBot(slack), []);
    },
  ],
  [
    'nothing to say is no_text',
    async (slack) => {
      assert.equal(await errorOf(slack, 'chat.postMessage', here), 'no_text');
      assert.equal(await errorOf(slack, 'chat.postMessage', { ...here, text: '' }), 'no_text');
    },
  ],
  [
    'chat.postMessage cuts a text at 40,000 characters, chat.update refuses one above 4,000',
    async (slack) => {
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'x'.repeat(41_000) });
      assert.equal(fromBot(slack)[0]?.text.length, 40_000);
      await good(slack, 'chat.update', { ...here, ts, text: 'y'.repeat(4000) });
      assert.equal(await errorOf(slack, 'chat.update', { ...here, ts, text: 'y'.repeat(4001) }), 'msg_too_long');
    },
  ],
  [
    'a thread is answered by the ts of its first message, not of a reply, not of what is gone',
    async (slack) => {
      const first = await say(slack, 'hello');
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'in it', thread_ts: first.id });
      assert.equal(fromBot(slack)[0]?.thread, first.id);
      const reply = { ...here, text: 'x', thread_ts: ts };
      assert.equal(await errorOf(slack, 'chat.postMessage', reply), 'cannot_reply_to_message');
      const gone = { ...here, text: 'x', thread_ts: '1700000000.000100' };
      assert.equal(await errorOf(slack, 'chat.postMessage', gone), 'thread_not_found');
    },
  ],
  [
    'conversations.replies gives the thread, from any of its messages, with metadata where it is asked for',
    async (slack) => {
      const first = await say(slack, 'hello');
      const metadata = { event_type: 'card', event_payload: { delivery_id: 'd1' } };
      const reply = { ...here, text: 'x', thread_ts: first.id, metadata };
      const { ts } = await good(slack, 'chat.postMessage', reply);
      const asked = { ...here, ts, include_all_metadata: true };
      const { messages } = await good(slack, 'conversations.replies', asked);
      const [root, answer] = messages as Record<string, unknown>[];
      assert.equal(root?.['reply_count'], 1);
      assert.deepEqual(answer?.['metadata'], metadata);
      const { messages: plain } = await good(slack, 'conversations.replies', { ...here, ts: first.id });
      assert.equal((plain as Record<string, unknown>[])[1]?.['metadata'], undefined);
    },
  ],
  [
    'conversations.history leaves replies out unless they are broadcast',
    async (slack) => {
      const first = await say(slack, 'hello');
      await good(slack, 'chat.postMessage', { ...here, text: 'quiet', thread_ts: first.id });
      await good(slack, 'chat.postMessage', { ...here, text: 'loud', thread_ts: first.id, reply_broadcast: true });
      const { messages } = await good(slack, 'conversations.history', here);
      assert.deepEqual(
        (messages as Record<string, unknown>[]).map(({ text }) => text),
        ['loud', 'hello'],
      );
    },
  ],
  [
    'only its own messages can be edited or deleted, and only what is there',
    async (slack) => {
      const { id: ts } = await say(slack, 'mine');
      assert.equal(await errorOf(slack, 'chat.update', { ...here, ts, text: 'x' }), 'cant_update_message');
      assert.equal(await errorOf(slack, 'chat.delete', { ...here, ts }), 'cant_delete_message');
      assert.equal(await errorOf(slack, 'chat.update', { ...here, ts: '1.2', text: 'x' }), 'message_not_found');
      const own = await good(slack, 'chat.postMessage', { ...here, text: 'own' });
      await good(slack, 'chat.delete', { ...here, ts: own['ts'] });
      assert.equal(await errorOf(slack, 'chat.delete', { ...here, ts: own['ts'] }), 'message_not_found');
      assert.deepEqual(fromBot(slack), []);
    },
  ],
  [
    'an edit with text alone takes the blocks away, one with blocks puts them in their place',
    async (slack) => {
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'fallback', blocks: [section('seen')] });
      assert.equal(fromBot(slack)[0]?.text, 'seen');
      await good(slack, 'chat.update', { ...here, ts, blocks: [section('anew')] });
      assert.equal(fromBot(slack)[0]?.text, 'anew');
      await good(slack, 'chat.update', { ...here, ts, text: 'plain' });
      assert.equal(fromBot(slack)[0]?.text, 'plain');
    },
  ],
  [
    'an ephemeral message is for one person of the channel, and cannot be edited afterwards',
    async (slack) => {
      const { message_ts: ts } = await good(slack, 'chat.postEphemeral', { ...here, user: BEN.id, text: 'psst' });
      assert.equal(fromBot(slack)[0]?.onlyFor, BEN.id);
      assert.equal(await errorOf(slack, 'chat.update', { ...here, ts, text: 'x' }), 'message_not_found');
      const stranger = { ...here, user: 'U0NOBODY', text: 'x' };
      assert.equal(await errorOf(slack, 'chat.postEphemeral', stranger), 'user_not_in_channel');
    },
  ],
  [
    'a person’s id as the channel means their direct messages',
    async (slack) => {
      const { channel } = await good(slack, 'chat.postMessage', { channel: ADA.id, text: 'hello' });
      assert.equal(channel, slack.directChat(ADA.id));
      const { channel: opened } = await good(slack, 'conversations.open', { users: ADA.id });
      assert.deepEqual(opened, { id: channel });
    },
  ],
  [
    'unescaped mark-up calls people, escaped mark-up does not; an edit calls nobody anew',
    async (slack) => {
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: '&lt;!channel&gt; &amp; *loud*' });
      assert.deepEqual([fromBot(slack)[0]?.text, fromBot(slack)[0]?.pings], ['<!channel> & loud', []]);
      await good(slack, 'chat.update', { ...here, ts, text: `<@${ADA.id}>` });
      assert.deepEqual([fromBot(slack)[0]?.text, fromBot(slack)[0]?.pings], ['@Ada', []]);
      await good(slack, 'chat.postMessage', { ...here, text: `<@${BEN.id}> <!channel>` });
      assert.deepEqual(new Set(fromBot(slack)[1]?.pings), new Set(REHEARSAL.members));
    },
  ],
  [
    'a public channel can be joined, a private one not',
    async (slack) => {
      await good(slack, 'conversations.join', { channel: LOBBY.id });
      await good(slack, 'chat.postMessage', { channel: LOBBY.id, text: 'here now' });
      const { members } = await good(slack, 'conversations.members', { channel: LOBBY.id });
      assert.ok((members as string[]).includes(slack.bot().userId));
      const inside = { channel: DEMOS.id };
      assert.equal(await errorOf(slack, 'conversations.join', inside), 'method_not_supported_for_channel_type');
    },
  ],
];

checkFacts('messages', FACTS);
