/** Slack waits three seconds for an acknowledgement, and delivers what it did not get one for again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebClient } from '@slack/web-api';
import { ADA, BAND, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import { deliver, PATIENCE_MS, withInstalledBot, withSlackBot } from './inbound.test-kit.ts';
import type { SlackBench } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };

async function bandsNamed({ sql }: SlackBench, name: string): Promise<number> {
  return (await sql<{ name: string }>('select name from band')).filter((band) => band.name === name).length;
}

function ownWords({ slack }: SlackBench): readonly string[] {
  return slack.conversation
    .messages(REHEARSAL.id)
    .filter(({ by }) => by === 'bot')
    .map(({ text }) => text);
}

/** As Slack tells of a message. */
function mention({ slack }: SlackBench, text: string): { readonly body: string } {
  const event = { type: 'app_mention', channel: REHEARSAL.id, user: ADA.id, ts: '1700000000.000001' };
  const told = { ...event, text: `<@${slack.bot().userId}> ${text}` };
  return { body: JSON.stringify({ type: 'event_callback', team_id: BAND.id, event_id: 'Ev1', event: told }) };
}

test('an event is acknowledged while its answer still waits, and answers keep their order', LIMIT, async () => {
  await withSlackBot({}, async (bench) => {
    const { slack } = bench;
    const clients = Promise.withResolvers<WebClient>();
    const { clientOf } = await bench.connect(0, async () => await clients.promise);
    for (const name of ['Sheds', 'Barns']) {
      const { acknowledgedMs } = await slack.act({
        kind: 'message',
        by: ADA.id,
        at: { chat: REHEARSAL.id, thread: null },
        text: `@Woodshed jam band create ${name}`,
        files: [],
        replyTo: null,
      });
      assert.notEqual(await acknowledgedMs, null);
      assert.equal(await bandsNamed(bench, name), 1);
    }
    assert.deepEqual(ownWords(bench), []);
    clients.resolve(await clientOf(BAND.id));
    await slack.conversation.until(({ by, text }) => by === 'bot' && text.includes('Barns'), PATIENCE_MS);
    const [first, second] = ownWords(bench);
    assert.match(first ?? '', /Sheds/u);
    assert.match(second ?? '', /Barns/u);
    assert.deepEqual(bench.errors, []);
  });
});

test('what is no job is done once too, and answered once, however often it is delivered', LIMIT, async () => {
  await withInstalledBot({}, async (bench) => {
    const request = mention(bench, 'jam band create Sheds');
    const statuses = await Promise.all(
      Array.from({ length: 3 }, async () => await deliver(bench, bench.origin, request)),
    );
    statuses.push(await deliver(bench, bench.origin, request));
    assert.deepEqual(statuses, [200, 200, 200, 200]);
    assert.equal(await bandsNamed(bench, 'Sheds'), 1);
    // What is said afterwards stands behind all that was said before.
    const next = { ...mention(bench, 'help'), body: mention(bench, 'help').body.replaceAll('000001', '000002') };
    assert.equal(await deliver(bench, bench.origin, next), 200);
    await bench.until(() => bench.slack.conversation.messages(REHEARSAL.id).some(({ text }) => text.includes('/jam')));
    assert.equal(ownWords(bench).filter((text) => text.includes('Sheds')).length, 1);
    assert.deepEqual(bench.errors, []);
  });
});

test('what is no job and could not be written down is done when it is delivered again', LIMIT, async () => {
  await withInstalledBot({}, async (bench) => {
    const request = mention(bench, 'jam band create Sheds');
    await bench.sql('alter table held_event rename to away');
    assert.equal(await deliver(bench, bench.origin, request), 500);
    await bench.sql('alter table away rename to held_event');
    assert.equal(await deliver(bench, bench.origin, request), 200);
    assert.equal(await bandsNamed(bench, 'Sheds'), 1);
  });
});
