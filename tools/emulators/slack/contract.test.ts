/** What Slack documents and this emulator obeys: each fact by name, over plain HTTP. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ADA, BEN, DEMOS, LOBBY, REHEARSAL } from './options.ts';
import type { SlackOptions } from './options.ts';
import type { SlackEmulator } from './slack-emulator.ts';
import { call, errorOf, fromBot, good, say, songFile, uploadFile, withSlack } from './slack.test-kit.ts';

type Fact = readonly [name: string, check: (slack: SlackEmulator) => Promise<void>, options?: SlackOptions];

const here = { channel: REHEARSAL.id };
const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } });
const actions = (...elements: readonly object[]): object => ({ type: 'actions', elements });
const button = (more: object = {}): object => ({ type: 'button', text: { type: 'plain_text', text: 'Go' }, ...more });
const posting = (blocks: unknown) => (slack: SlackEmulator) => errorOf(slack, 'chat.postMessage', { ...here, blocks });

const ACCESS: readonly Fact[] = [
  [
    'no token is not_authed, a made-up one invalid_auth',
    async (slack) => {
      assert.equal(await errorOf(slack, 'auth.test', {}, { token: null }), 'not_authed');
      assert.equal(await errorOf(slack, 'auth.test', {}, { token: 'xoxb-1-2' }), 'invalid_auth');
    },
  ],
  [
    'a token may stand in the header or in a form, but not in a JSON body',
    async (slack) => {
      assert.equal((await call(slack, 'auth.test', {}, { tokenIn: 'body' })).body.ok, true);
      assert.equal((await call(slack, 'auth.test', {}, { as: 'json' })).body.ok, true);
      assert.equal(await errorOf(slack, 'auth.test', {}, { as: 'json', tokenIn: 'body' }), 'not_authed');
    },
  ],
  [
    'auth.test names the bot by user id and bot id',
    async (slack) => {
      const { user_id: userId, bot_id: botId, team_id: teamId } = await good(slack, 'auth.test');
      assert.deepEqual({ userId, botId }, slack.bot());
      assert.equal(teamId, 'T0BANDROOM');
    },
  ],
  [
    'the app-level token opens connections and nothing else, the bot token everything else',
    async (slack) => {
      const { appToken } = slack.credentials;
      const { body } = await call(slack, 'apps.connections.open', {}, { token: appToken });
      assert.match(String(body['url']), /^ws:\/\/127\.0\.0\.1:\d+\/link\//u);
      assert.equal(await errorOf(slack, 'apps.connections.open'), 'not_allowed_token_type');
      assert.equal(await errorOf(slack, 'auth.test', {}, { token: appToken }), 'not_allowed_token_type');
    },
  ],
  [
    'after tokens are revoked calls are token_revoked, after the app is removed account_inactive',
    async (slack) => {
      const token = slack.token().accessToken;
      slack.revokeTokens('T0BANDROOM');
      assert.equal(await errorOf(slack, 'auth.test', {}, { token }), 'token_revoked');
      slack.uninstall('T0BANDROOM');
      assert.equal(await errorOf(slack, 'auth.test', {}, { token }), 'account_inactive');
    },
  ],
  [
    'a scope that is lacking is named',
    async (slack) => {
      const { body } = await call(slack, 'files.getUploadURLExternal', { filename: 'a.wav', length: 3 });
      assert.equal(body.error, 'missing_scope');
      assert.equal(body['needed'], 'files:write');
    },
    { app: { scopes: ['chat:write'] } },
  ],
  [
    'a method that does not exist is unknown_method, with 200',
    async (slack) => {
      const { httpStatus, body } = await call(slack, 'chat.shout');
      assert.deepEqual([httpStatus, body.error], [200, 'unknown_method']);
    },
  ],
];

const MESSAGES: readonly Fact[] = [
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

const BLOCKS: readonly Fact[] = [
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
];

const FILES: readonly Fact[] = [
  [
    'an upload takes a form’s file as well as the bare bytes, and must be as long as announced',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 4 };
      const { upload_url: url, file_id: id } = await good(slack, 'files.getUploadURLExternal', asked);
      const short = await fetch(String(url), { method: 'POST', body: 'abc' });
      assert.equal(short.status, 400);
      assert.equal(await errorOf(slack, 'files.completeUploadExternal', { files: [{ id }] }), 'file_not_found');
      const form = new FormData();
      form.set('body', new Blob(['abcd']), 'Untitled');
      assert.equal((await fetch(String(url), { method: 'POST', body: form })).status, 200);
      await good(slack, 'files.completeUploadExternal', { files: [{ id }] });
    },
  ],
  [
    'files.getUploadURLExternal takes a form alone',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 4 };
      const { body } = await call(slack, 'files.getUploadURLExternal', asked, { as: 'json' });
      assert.equal(body.error, 'invalid_arguments');
    },
  ],
  [
    'a file above the workspace’s size is refused before it is sent',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 1001 };
      assert.equal(await errorOf(slack, 'files.getUploadURLExternal', asked), 'file_upload_size_restricted');
    },
    { maxFileBytes: 1000 },
  ],
  [
    'where the workspace forbids files that is said',
    async (slack) => {
      const asked = { filename: 'a.wav', length: 10 };
      assert.equal(await errorOf(slack, 'files.getUploadURLExternal', asked), 'file_uploads_disabled');
    },
    { fileUploadsAreDisabled: true },
  ],
  [
    'completed without a channel a file is seen by nobody; with one it is a message, whose ts the answer does not tell',
    async (slack) => {
      const first = await say(slack, 'song?');
      const alone = await uploadFile(slack, 'a.mp3', new Uint8Array(10).fill(1));
      assert.deepEqual(fromBot(slack), []);
      const share = { channel_id: REHEARSAL.id, thread_ts: first.id, initial_comment: 'here' };
      const { fileId, answer } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2), share);
      assert.doesNotMatch(JSON.stringify(answer), /\d{10}\.\d{6}/u);
      const [message] = fromBot(slack);
      assert.deepEqual([message?.text, message?.thread], ['here', first.id]);
      assert.deepEqual(
        message?.files.map(({ name, bytes, shownAs }) => [name, bytes, shownAs]),
        [['b.flac', 20, 'audio']],
      );
      const { file } = await good(slack, 'files.info', { file: fileId });
      const { shares } = file as { shares: { public: Record<string, { ts: string }[]> } };
      assert.equal(shares.public[REHEARSAL.id]?.[0]?.ts, message?.id);
      const { file: unshared } = await good(slack, 'files.info', { file: alone.fileId });
      assert.deepEqual((unshared as { shares: object }).shares, {});
    },
  ],
  [
    'completing again shares again: there is no idempotency',
    async (slack) => {
      const share = { channel_id: REHEARSAL.id };
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2), share);
      await good(slack, 'files.completeUploadExternal', { files: [{ id: fileId }], ...share });
      assert.equal(fromBot(slack).length, 2);
    },
  ],
  [
    'chat.update puts files into a message where file_ids is honoured',
    async (slack) => {
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2));
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'soon' });
      await good(slack, 'chat.update', { ...here, ts, text: 'done', file_ids: [fileId] });
      assert.equal(fromBot(slack)[0]?.files[0]?.name, 'b.flac');
      const kept = await good(slack, 'chat.update', { ...here, ts, text: 'and done' });
      assert.equal(fromBot(slack)[0]?.files.length, 1, JSON.stringify(kept));
    },
    { honoursFileIds: true },
  ],
  [
    'and takes file_ids without a word where it is not',
    async (slack) => {
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2));
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'soon' });
      await good(slack, 'chat.update', { ...here, ts, text: 'done', file_ids: [fileId] });
      assert.deepEqual([fromBot(slack)[0]?.text, fromBot(slack)[0]?.files], ['done', []]);
    },
    { honoursFileIds: false },
  ],
  [
    'url_private gives the bytes to a token, and a page to sign in, with 200, to everybody else',
    async (slack) => {
      const song = songFile();
      await say(slack, '', { files: [song] });
      const { messages } = await good(slack, 'conversations.history', here);
      const [{ files } = { files: [] }] = messages as {
        files: { url_private: string; url_private_download: string }[];
      }[];
      const url = files[0]?.url_private ?? '';
      const authorization = `Bearer ${slack.token().accessToken}`;
      const right = await fetch(url, { headers: { authorization } });
      assert.deepEqual(new Uint8Array(await right.arrayBuffer()), song.bytes);
      for (const headers of [{}, { authorization: 'Bearer xoxb-wrong' }]) {
        const wrong = await fetch(url, { headers });
        assert.equal(wrong.status, 200);
        assert.match(wrong.headers.get('content-type') ?? '', /text\/html/u);
        assert.match(await wrong.text(), /Sign in/u);
      }
    },
  ],
  [
    'a deleted file leaves its message, and is file_deleted',
    async (slack) => {
      const share = { channel_id: REHEARSAL.id, initial_comment: 'here' };
      const { fileId } = await uploadFile(slack, 'b.flac', new Uint8Array(20).fill(2), share);
      await good(slack, 'files.delete', { file: fileId });
      assert.deepEqual([fromBot(slack)[0]?.text, fromBot(slack)[0]?.files], ['here', []]);
      assert.equal(await errorOf(slack, 'files.info', { file: fileId }), 'file_deleted');
    },
  ],
];

const HOME = { type: 'home', blocks: [section('*Library*')] };
const REST: readonly Fact[] = [
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
  [
    'a channel takes about a message a second, then 429 with the wait',
    async (slack) => {
      const post = (channel: string) => call(slack, 'chat.postMessage', { channel, text: 'x' });
      const statuses = [];
      for (let index = 0; index < 4; index += 1) statuses.push((await post(REHEARSAL.id)).httpStatus);
      assert.deepEqual(statuses, [200, 200, 200, 429]);
      const { headers, body } = await post(REHEARSAL.id);
      assert.equal(body.error, 'ratelimited');
      assert.ok(Number(headers.get('retry-after')) >= 1);
      assert.equal((await post(DEMOS.id)).httpStatus, 200, 'another channel has its own');
      slack.advance(3000);
      assert.equal((await post(REHEARSAL.id)).httpStatus, 200);
    },
    { rateLimits: 'internal', speed: 0.001 },
  ],
  [
    'chat.update passes 50 times a minute and workspace',
    async (slack) => {
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'x' });
      const update = (): ReturnType<typeof call> => call(slack, 'chat.update', { ...here, ts, text: 'y' });
      for (let index = 0; index < 50; index += 1) assert.equal((await update()).httpStatus, 200);
      assert.equal((await update()).httpStatus, 429);
      slack.advance(60_000);
      assert.equal((await update()).httpStatus, 200);
    },
    { rateLimits: 'internal', speed: 0.001 },
  ],
  [
    'an app that is distributed reads a history once a minute',
    async (slack) => {
      await good(slack, 'conversations.history', here);
      assert.equal((await call(slack, 'conversations.history', here)).httpStatus, 429);
    },
    { rateLimits: 'distributed', speed: 0.001 },
  ],
];

for (const [room, facts] of Object.entries({ ACCESS, MESSAGES, BLOCKS, FILES, REST })) {
  describe(`the Web API, ${room.toLowerCase()}`, () => {
    for (const [name, check, options = {}] of facts) {
      it(name, async () => {
        await withSlack(options, check);
      });
    }
  });
}
