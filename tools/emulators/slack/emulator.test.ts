/** What the emulator is as a whole: replayable, told what it is asked for, pointing bots at itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ADA, REHEARSAL } from './options.ts';
import { createSlackEmulator } from './slack-emulator.ts';
import { call, good, say, withSlack } from './slack.test-kit.ts';

describe('an emulated Slack', () => {
  it('draws the same ids and tokens from the same seed, others from another', async () => {
    const [one, same, other] = await Promise.all([7, 7, 8].map((seed) => createSlackEmulator({ seed })));
    assert.ok(one !== undefined && same !== undefined && other !== undefined);
    assert.deepEqual(one.bot(), same.bot());
    assert.deepEqual(one.credentials, same.credentials);
    assert.notEqual(one.token().accessToken, other.token().accessToken);
    await Promise.all([one.close(), same.close(), other.close()]);
  });

  it('points a bot at itself, by Socket Mode or by HTTP', async () => {
    await withSlack({}, async ({ botEnv, apiUrl }) => {
      assert.deepEqual(Object.keys(botEnv).toSorted(), [
        'SLACK_API_URL',
        'SLACK_APP_TOKEN',
        'SLACK_BOT_TOKEN',
        'SLACK_FILE_IDS',
      ]);
      assert.equal(botEnv['SLACK_API_URL'], apiUrl);
      await Promise.resolve();
    });
    await withSlack({ delivery: { mode: 'http', requestUrl: null }, honoursFileIds: false }, async (slack) => {
      assert.deepEqual(Object.keys(slack.botEnv).toSorted(), [
        'SLACK_API_URL',
        'SLACK_CLIENT_ID',
        'SLACK_CLIENT_SECRET',
        'SLACK_PORT',
        'SLACK_SIGNING_SECRET',
      ]);
      assert.equal(slack.requestUrl, `http://127.0.0.1:${slack.botEnv['SLACK_PORT'] ?? ''}/slack/events`);
      await Promise.resolve();
    });
  });

  it('tells an app the events that it subscribed to', async () => {
    await withSlack({ app: { events: ['app_mention', 'message.im'] } }, async (slack) => {
      await say(slack, '@Woodshed hello');
      await say(slack, 'and privately', { at: { chat: slack.directChat(ADA.id), thread: null } });
      const types = slack.events.map(({ event }) => {
        const { type, channel_type: where } = event as { type: string; channel_type?: string };
        return `${type} ${where ?? ''}`;
      });
      assert.deepEqual(types, ['app_mention ', 'message im']);
    });
  });

  it('lets people do only what they can: where they are, with what is theirs', async () => {
    await withSlack({}, async (slack) => {
      await assert.rejects(say(slack, 'x', { at: { chat: 'C0NOWHERE', thread: null } }), RangeError);
      await assert.rejects(say(slack, 'x', { by: 'U0NOBODY' }), RangeError);
      await assert.rejects(say(slack, ''), RangeError);
      const { ts } = await good(slack, 'chat.postMessage', { channel: REHEARSAL.id, text: 'x' });
      const at = { chat: REHEARSAL.id, thread: null };
      const messageId = String(ts);
      await assert.rejects(slack.act({ kind: 'delete', by: ADA.id, at, messageId }), RangeError);
      await assert.rejects(slack.act({ kind: 'press', by: ADA.id, at, messageId, label: 'Go' }), RangeError);
      slack.archive(REHEARSAL.id);
      await assert.rejects(say(slack, 'x'), RangeError);
    });
  });

  it('holds requests against Slack’s own description, and says what breaks it', async (t) => {
    await withSlack({}, async (slack) => {
      if (slack.specReport().source === null) {
        t.skip('skipped: the descriptions are not at hand (WOODSHED_SHARED)');
        return;
      }
      await good(slack, 'chat.postMessage', { channel: REHEARSAL.id, text: 'x' });
      assert.equal(slack.specReport().covered, 1);
      await call(slack, 'chat.postMessage', { channel: REHEARSAL.id, text: 'x', colour: 'red' });
      assert.match(slack.specReport().violations.join('\n'), /colour/u);
    });
  });
});
