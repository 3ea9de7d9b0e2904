/** Presses of buttons: of offers, and of what somebody made up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Update } from 'grammy/types';
import { createJobs } from '../../db/jobs.repository.ts';
import { testJob, testPlan } from '../../db/test-rows.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { ADAS_CHAT, song } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { actionId } from '../core/action-ids.ts';
import { handleAll, redelivered, requests, says, withInbound } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };

test('a song in private gets a button, and all presses of it, on all of its offers, are one job', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const { telegram } = bench;
    await says(telegram, ADAS_CHAT, '', { files: [song('take one.mp3')] });
    const process = await bench.process();
    const [update] = await bench.take();
    assert.ok(update !== undefined);
    await process.handle(update);
    await process.handle(update);
    const offers = telegram.conversation.messages(ADAS_CHAT).filter(({ by }) => by === 'bot');
    const offered = ['Split stems', 'Analyze song', 'Write the chords', 'Write the lyrics', 'Make a tab'];
    assert.deepEqual(
      offers.map(({ buttons }) => buttons.map(({ label }) => label)),
      [offered, offered],
    );
    for (const { id } of [...offers, ...offers]) {
      const at = { chat: ADAS_CHAT, thread: null };
      await telegram.act({ kind: 'press', by: ADAS_CHAT, at, messageId: id, label: 'Split stems' });
    }
    await handleAll(redelivered(await bench.take(), seededRandom(5)), [process.handle.bind(process)]);
    const accepted = await bench.accepted();
    assert.equal(accepted.length, 1);
    assert.deepEqual(
      accepted
        .flatMap(({ payload }) => requests(payload))
        .map(({ command: { source } }) => source.kind === 'attachment' && source.name),
      ['take one.mp3'],
    );
    const toasts = telegram.conversation.events.filter(({ kind }) => kind === 'notice');
    assert.equal(toasts.length, 4, 'everybody who presses is answered');
  });
});

test('an offer whose job is over begins it anew, once for each press', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const { telegram } = bench;
    await says(telegram, ADAS_CHAT, '', { files: [song('take one.mp3')] });
    const process = await bench.process();
    for (const update of await bench.take()) await process.handle(update);
    const [offer] = telegram.conversation.messages(ADAS_CHAT).filter(({ by }) => by === 'bot');
    const press = async (): Promise<Update> => {
      const at = { chat: ADAS_CHAT, thread: null };
      await telegram.act({ kind: 'press', by: ADAS_CHAT, at, messageId: offer?.id ?? '', label: 'Split stems' });
      const [update] = (await bench.take()).slice(-1);
      return update ?? assert.fail('nobody pressed');
    };
    const jobs = createJobs(bench.database);
    const first = await press();
    await process.handle(first);
    const [begun] = await bench.accepted();
    assert.ok(begun?.payload.kind === 'job');
    const request = { ...begun.payload.request, inboundEventId: begun.id };
    const { jobId, code } = await jobs.open({ request, workflowId: 'of the first press', plan: testPlan });
    await process.handle(await press());
    assert.equal((await bench.accepted()).length, 1);
    await jobs.end(jobId, { state: 'cancelled' });
    await process.handle(first);
    assert.equal((await bench.accepted()).length, 1, 'a press that is told again');
    const another = await press();
    await handleAll([another, another], [process.handle.bind(process)]);
    assert.equal((await bench.accepted()).length, 2);
    const told = telegram.conversation.events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
    assert.ok(
      told.some((text) => text.includes(code)),
      'the second press is told whose card to look at',
    );
  });
});

test('a button that somebody made up, or of a job of another band, does nothing but say so', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const { telegram } = bench;
    const process = await bench.process();
    const { code } = await testJob(bench.database);
    const before = (await bench.accepted()).length;
    await says(telegram, ADAS_CHAT, '', { files: [song('a.mp3')] });
    for (const update of await bench.take()) await process.handle(update);
    const [offer] = telegram.conversation.messages(ADAS_CHAT).filter(({ by }) => by === 'bot');
    await telegram.act({
      kind: 'press',
      by: ADAS_CHAT,
      at: { chat: ADAS_CHAT, thread: null },
      messageId: offer?.id ?? '',
      label: 'Split stems',
    });
    const [press] = await bench.take();
    assert.ok(press?.callback_query !== undefined);
    const forged = [
      '',
      'offer:',
      'offer:drop',
      'v1:ZZZZZZ:cancel',
      "v1:'or 1=1:cancel",
      '\u0000',
      'x'.repeat(64),
      actionId(code, 'cancel'),
    ];
    for (const [index, data] of forged.entries()) {
      await process.handle({ update_id: press.update_id + index, callback_query: { ...press.callback_query, data } });
    }
    assert.equal((await bench.accepted()).length, before);
  });
});
