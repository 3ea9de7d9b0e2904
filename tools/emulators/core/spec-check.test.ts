import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { defaultSpecsDir, openSpecCheck } from './spec-check.ts';
import type { SpecRequest } from './spec-check.ts';

const SKIP = existsSync(defaultSpecsDir())
  ? false
  : 'skipped: the platforms’ descriptions are not at hand (WOODSHED_SHARED)';

function request(method: string, path: string, body?: unknown, more: Partial<SpecRequest> = {}): SpecRequest {
  return { method, path, body, query: new URLSearchParams(), contentType: 'application/json', files: [], ...more };
}

const button = (label: string): object => ({
  components: [{ type: 1, components: [{ type: 2, style: 2, label, custom_id: 'v1:x' }] }],
});
const keyboard = (data: string): object => ({
  reply_markup: { inline_keyboard: [[{ text: 'Cancel', callback_data: data }]] },
});

/** What is right, with whom it counts for. */
const GOOD: Readonly<
  Record<'discord' | 'slack' | 'telegram', readonly (readonly ['covered' | 'listed', SpecRequest])[]>
> = {
  discord: [
    ['covered', request('GET', '/gateway/bot')],
    ['covered', request('POST', '/channels/1/typing')],
    [
      'covered',
      request(
        'POST',
        '/channels/12/messages',
        { content: 'hello', nonce: 'run-42', enforce_nonce: true, attachments: [{ id: '0' }], ...button('Cancel') },
        { files: ['files[0]'], contentType: 'multipart/form-data; boundary=x' },
      ),
    ],
    [
      'covered',
      request('PUT', '/applications/1/commands', [
        { name: 'split', description: 'x', type: 1 },
        { name: 'Split stems', type: 3 },
      ]),
    ],
    [
      'covered',
      request(
        'POST',
        '/interactions/1/tok/callback',
        { type: 5, data: { flags: 64 } },
        { query: new URLSearchParams('with_response=false') },
      ),
    ],
    ['covered', request('DELETE', '/channels/1/messages/2')],
    ['listed', request('PATCH', '/channels/1/messages/2', { content: 'x', tts: false, enforce_nonce: false })],
    ['listed', request('PATCH', '/webhooks/1/tok/messages/%40original', { content: 'x', tts: false })],
    [
      'listed',
      request('POST', '/interactions/1/tok/callback', { type: 4, data: { content: 'x', enforce_nonce: false } }),
    ],
    ['listed', request('POST', '/webhooks/1/tok', { content: 'x' }, { files: ['files[0]'] })],
  ],
  slack: [
    ['covered', request('POST', 'auth.test', {})],
    [
      'covered',
      request('POST', 'chat.postMessage', {
        channel: 'C1',
        text: 'x',
        blocks: '[{"type":"divider"}]',
        unfurl_links: 'false',
      }),
    ],
    ['covered', request('POST', 'views.publish', { user_id: 'U1', view: { type: 'home', blocks: [] } })],
    [
      'covered',
      request('GET', 'conversations.history', undefined, { query: new URLSearchParams('channel=C1&limit=5') }),
    ],
    ['listed', request('POST', 'apps.connections.open', {})],
    [
      'listed',
      request('POST', 'chat.postMessage', { channel: 'C1', metadata: '{"event_type":"job","event_payload":{}}' }),
    ],
    ['listed', request('POST', 'files.getUploadURLExternal', { filename: 'a.flac', length: '12' })],
    ['listed', request('POST', 'chat.update', { channel: 'C1', ts: '1.2', file_ids: '["F1"]' })],
  ],
  telegram: [
    ['covered', request('POST', 'getMe')],
    ['covered', request('POST', 'getUpdates', { offset: 1, limit: 100, timeout: 30, allowed_updates: ['message'] })],
    ['covered', request('POST', 'sendMessage', { chat_id: 1, text: 'x', ...keyboard('1|abc') })],
    ['covered', request('POST', 'sendMessage', { chat_id: 1, text: `<b>${'x'.repeat(4090)}</b>`, parse_mode: 'HTML' })],
    [
      'covered',
      request(
        'POST',
        'editMessageMedia',
        { chat_id: '1', message_id: '5', media: '{"type":"audio","media":"attach://a1"}' },
        { files: ['a1'] },
      ),
    ],
    ['covered', request('POST', 'sendAudio', { chat_id: '1', duration: '12' }, { files: ['audio'] })],
  ],
};

/** What is wrong, with what the sentence must say. */
const WRONG: Readonly<Record<'discord' | 'slack' | 'telegram', readonly (readonly [RegExp, SpecRequest])[]>> = {
  discord: [
    [/not a method/u, request('GET', '/nope')],
    [/not a method/u, request('PUT', '/channels/1/messages', {})],
    [/channel_id: value must match/u, request('POST', '/channels/general/messages', { content: 'x' })],
    [/does not take colour$/u, request('POST', '/channels/1/messages', { content: 'x', colour: 1 })],
    [
      /does not take components\.0\.components\.0\.colour$/u,
      request('POST', '/channels/1/messages', {
        components: [{ type: 1, components: [{ type: 2, style: 2, custom_id: 'x', colour: 1 }] }],
      }),
    ],
    [/content must be string/u, request('POST', '/channels/1/messages', { content: 5 })],
    [/content.*2000/u, request('POST', '/channels/1/messages', { content: 'x'.repeat(2001) })],
    [/label must NOT have more than 80/u, request('POST', '/channels/1/messages', button('x'.repeat(81)))],
    [/nonce.*25/u, request('POST', '/channels/1/messages', { content: 'x', nonce: 'x'.repeat(26) })],
    [
      /'custom_id'/u,
      request('POST', '/channels/1/messages', { components: [{ type: 1, components: [{ type: 3, options: [] }] }] }),
    ],
    [/name/u, request('POST', '/applications/1/commands', { description: 'x' })],
    [/the body is missing/u, request('POST', '/channels/1/messages')],
    [/takes no body/u, request('DELETE', '/channels/1/messages/2', { reason: 'x' })],
    [
      /with_response: value must be boolean/u,
      request(
        'POST',
        '/interactions/1/t/callback',
        { type: 5 },
        { query: new URLSearchParams('with_response=perhaps') },
      ),
    ],
    [/does not take wait$/u, request('GET', '/users/@me', undefined, { query: new URLSearchParams('wait=true') })],
    [/does not take audio$/u, request('POST', '/channels/1/messages', { content: 'x' }, { files: ['audio'] })],
    [/tts/u, request('PATCH', '/channels/1/messages/2', { content: 'x', tts: true })],
  ],
  slack: [
    [/not a method/u, request('POST', 'chat.shout', {})],
    [/not called by PUT/u, request('PUT', 'auth.test', {})],
    [/channel is missing/u, request('POST', 'chat.postMessage', { text: 'x' })],
    [/does not take colour$/u, request('POST', 'chat.postMessage', { channel: 'C1', text: 'x', colour: 'red' })],
    [
      /unfurl_links is to be true or false/u,
      request('POST', 'chat.postMessage', { channel: 'C1', unfurl_links: 'maybe' }),
    ],
    [/text is to be text/u, request('POST', 'chat.postMessage', { channel: 'C1', text: 5 })],
    [
      /limit is to be a whole number/u,
      request('GET', 'conversations.history', undefined, { query: new URLSearchParams('channel=C1&limit=many') }),
    ],
    [/blocks/u, request('POST', 'chat.postMessage', { channel: 'C1', blocks: '[{"type":"divder"}]' })],
    [
      /blocks.*75/u,
      request('POST', 'chat.update', {
        channel: 'C1',
        ts: '1.2',
        blocks: JSON.stringify([
          { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'x'.repeat(76) } }] },
        ]),
      }),
    ],
    [/blocks is not the JSON/u, request('POST', 'chat.postMessage', { channel: 'C1', blocks: 'hello' })],
    [/length/u, request('POST', 'files.getUploadURLExternal', { filename: 'a' })],
    [/does not take url$/u, request('POST', 'files.getUploadURLExternal', { filename: 'a', length: 1, url: 'x' })],
    [/files/u, request('POST', 'files.completeUploadExternal', { files: '[]' })],
  ],
  telegram: [
    [/not a method/u, request('POST', 'sendShout', {})],
    [/not called by DELETE/u, request('DELETE', 'getMe')],
    [/'text'/u, request('POST', 'sendMessage', { chat_id: 1 })],
    [/does not take colour$/u, request('POST', 'sendMessage', { chat_id: 1, text: 'x', colour: 1 })],
    [/text must be string/u, request('POST', 'sendMessage', { chat_id: 1, text: 5 })],
    [/message_id must be integer/u, request('POST', 'deleteMessage', { chat_id: '1', message_id: 'last' })],
    [/text must NOT have more than 4096/u, request('POST', 'sendMessage', { chat_id: 1, text: 'x'.repeat(4097) })],
    [
      /caption must NOT have more than 1024/u,
      request('POST', 'sendAudio', { chat_id: 1, audio: 'id', caption: 'x'.repeat(1025) }),
    ],
    [
      /callback_data.*maxBytes/u,
      request('POST', 'sendMessage', { chat_id: 1, text: 'x', ...keyboard('ö'.repeat(33)) }),
    ],
    [/limit must be <= 100/u, request('POST', 'getUpdates', { limit: 101 })],
    [/fewer than 2/u, request('POST', 'sendMediaGroup', { chat_id: 1, media: [{ type: 'audio', media: 'id' }] })],
    [
      /nothing refers to the uploaded file a2/u,
      request('POST', 'sendAudio', { chat_id: 1, audio: 'id' }, { files: ['a2'] }),
    ],
    [/uploaded file a1 that is not there/u, request('POST', 'sendAudio', { chat_id: 1, audio: 'attach://a1' })],
    [
      /type/u,
      request('POST', 'editMessageMedia', { chat_id: 1, message_id: 2, media: { type: 'sound', media: 'id' } }),
    ],
  ],
};

for (const platform of ['discord', 'slack', 'telegram'] as const) {
  describe(`the requests of ${platform}`, { skip: SKIP }, () => {
    it('that are right pass, and are counted for whoever knows them', async () => {
      const check = await openSpecCheck(platform);
      for (const [whose, good] of GOOD[platform]) {
        const before = check.report();
        assert.deepEqual(check.check(good), []);
        assert.equal(check.report()[whose], before[whose] + 1, `${good.method} ${good.path} is ${whose}`);
      }
      assert.match(check.report().source ?? '', /\.json /u);
      assert.deepEqual(check.report().violations, []);
    });

    for (const [sentence, wrong] of WRONG[platform]) {
      it(`${wrong.method} ${wrong.path} breaks ${sentence.source}`, async () => {
        const check = await openSpecCheck(platform);
        const found = check.check(wrong);
        assert.match(found.join('\n'), new RegExp(sentence.source, 'mu'));
        const report = check.report();
        assert.deepEqual(report.violations, found);
        assert.equal(report.covered + report.listed, 0);
      });
    }
  });
}

describe('without the descriptions', () => {
  it('only what is listed is checked and counted', async () => {
    const check = await openSpecCheck('slack', '/nowhere');
    check.check(request('POST', 'chat.postMessage', { channel: 'C1', text: 'x' }));
    check.check(request('POST', 'apps.connections.open', {}));
    assert.deepEqual(check.report(), { source: null, covered: 0, listed: 1, violations: [] });
    assert.match(check.check(request('POST', 'files.getUploadURLExternal', { length: 1 })).join(), /filename/u);
    assert.match(check.check(request('POST', 'chat.update', { blocks: '[{"type":"x"}]' })).join(), /blocks/u);
    assert.equal(check.report().violations.length, 2);
  });
});
