/** Every event that this emulator tells, held against Slack's own description of events. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { isRecord } from '../core/described.ts';
import { defaultSpecsDir } from '../core/spec-check.ts';
import { ADA, LOBBY, REHEARSAL } from './options.ts';
import { good, say, songFile, uploadFile, withSlack } from './slack.test-kit.ts';

const WRAPPER = join(defaultSpecsDir(), 'slack-event-wrapper.json');
const EVENTS = join(defaultSpecsDir(), 'slack-events.json');
const SKIP =
  existsSync(WRAPPER) && existsSync(EVENTS) ? false : 'skipped: the descriptions are not at hand (WOODSHED_SHARED)';
/** Younger than the description. */
const YOUNGER = new Set(['app_home_opened']);

describe('events', { skip: SKIP }, () => {
  it('are as the description of the wrapper says, and of types that it has', async () => {
    const ajv = new Ajv({ strict: false });
    const isWrapped = ajv.compile(JSON.parse(readFileSync(WRAPPER, 'utf8')) as object);
    const { topics } = JSON.parse(readFileSync(EVENTS, 'utf8')) as { topics: Record<string, unknown> };
    await withSlack({}, async (slack) => {
      const at = { chat: REHEARSAL.id, thread: null };
      const { id: messageId } = await say(slack, '@Woodshed hello', { files: [songFile()] });
      await slack.act({ kind: 'edit', by: ADA.id, at, messageId, text: 'hi' });
      await slack.act({ kind: 'delete', by: ADA.id, at, messageId });
      await good(slack, 'chat.postMessage', { channel: REHEARSAL.id, text: 'mine' });
      await uploadFile(slack, 'a.mp3', new Uint8Array(9), { channel_id: REHEARSAL.id });
      await slack.openHome(ADA.id);
      slack.addBot(LOBBY.id, ADA.id);
      slack.archive(LOBBY.id);
      slack.unarchive(LOBBY.id);
      slack.removeBot(LOBBY.id);
      slack.deleteChannel(REHEARSAL.id);
      slack.uninstall('T0BANDROOM');

      const types = new Set<string>();
      for (const payload of slack.events) {
        assert.ok(isWrapped(payload), ajv.errorsText(isWrapped.errors));
        const event = payload['event'];
        assert.ok(isRecord(event) && typeof event['type'] === 'string');
        types.add(event['type']);
      }
      const known = [...types].filter((type) => !YOUNGER.has(type));
      assert.deepEqual(
        known.filter((type) => !(type.replaceAll('_', '.') in topics)),
        [],
      );
      assert.deepEqual(
        types,
        new Set([
          'app_home_opened',
          'app_mention',
          'app_uninstalled',
          'channel_archive',
          'channel_deleted',
          'channel_left',
          'channel_unarchive',
          'file_shared',
          'member_joined_channel',
          'message',
          'tokens_revoked',
        ]),
      );
      const ids = slack.events.map(({ event_id: id }) => id);
      assert.equal(new Set(ids).size, ids.length, 'every event has an id of its own');
    });
  });
});
