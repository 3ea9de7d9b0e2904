import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLibrary } from '../../db/library.repository.ts';
import { testBlob, testPlan, testRecording, testResult } from '../../db/test-rows.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import type { PersonPlace } from '../../tools/emulators/core/emulator.ts';
import { ADA, BAND, BEN, CLEO, DEMOS, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import type { PersonSeed } from '../../tools/emulators/slack/options.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { jobCard } from '../core/job-card.ts';
import { createSlackPort } from './outbound.ts';
import { PATIENCE_MS, withSlackBot } from './inbound.test-kit.ts';
import type { SlackBench } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };
const FAILED: JobOutcome = { state: 'failed', failure: { code: 'internal', facts: {} } };

interface CardBench extends SlackBench {
  /** A job with its card. @returns its code and the card's id */
  card(of: {
    by: PersonSeed;
    chat: string;
    outcome?: JobOutcome;
  }): Promise<{ code: string; jobId: string; id: string }>;
  press(by: PersonSeed, at: PersonPlace, messageId: string, label: string): Promise<void>;
  /** What only this person was told last, or in private. */
  told(by: PersonSeed): readonly string[];
}

async function withCards(use: (bench: CardBench) => Promise<void>): Promise<void> {
  await withSlackBot({}, async (bench) => {
    const { slack, database } = bench;
    const { clientOf } = await bench.connect();
    const port = createSlackPort({ clientOf, fileIds: false, ownHost: null });
    const jobs = createJobs(database);
    await use({
      ...bench,
      async card({ by, chat, outcome }) {
        const address: ChatAddress = { platform: 'slack', botId: BAND.id, chatId: chat, threadId: null };
        const request = {
          address,
          requester: personOf(by),
          command: {
            kind: 'split',
            source: { kind: 'link', url: 'https://example.org/a.mp3' },
            strategy: 'vocals',
            quality: 'fast',
            format: 'mp3',
            pick: { kind: 'all' },
          },
        } as const;
        const event = { platform: 'slack', botId: BAND.id, eventKey: randomUUID() } as const;
        const { id: inboundEventId } = await bench.deps.inbox.accept({ ...event, payload: { kind: 'job', request } });
        const workflowId = `job-${inboundEventId}`;
        const { jobId, code } = await jobs.open({
          request: { ...request, inboundEventId },
          workflowId,
          plan: testPlan,
        });
        if (outcome !== undefined) await jobs.end(jobId, outcome);
        const job = await jobs.find(jobId);
        assert.ok(job !== null);
        const shown = jobCard(job, { queuePlace: 0, secondsLeft: null });
        const { messageId } = await port.postCard(address, shown, 'nonce');
        return { code, jobId, id: messageId };
      },
      async press(by, at, messageId, label) {
        const { acknowledgedMs } = await slack.act({ kind: 'press', by: by.id, at, messageId, label });
        assert.notEqual(await acknowledgedMs, null);
      },
      told: (by) =>
        slack.conversation.events
          .flatMap((event) => (event.kind === 'posted' ? [event.message] : []))
          .filter(({ chat }) => !chat.startsWith('home:'))
          .filter(({ onlyFor, chat }) => onlyFor === by.id || chat === slack.directChat(by.id))
          .map(({ text }) => text),
    });
    assert.deepEqual(slack.specReport().violations, []);
    assert.deepEqual(bench.errors, []);
  });
}

function personOf({ id, name }: PersonSeed): Requester {
  return { platform: 'slack', userId: id, displayName: name };
}

const HERE = { chat: REHEARSAL.id, thread: null };

test('a button pressed twice, and by two people at once, is one job more, and all are answered', LIMIT, async () => {
  await withCards(async ({ card, press, accepted, told, until }) => {
    const { id, code } = await card({ by: ADA, chat: REHEARSAL.id, outcome: FAILED });
    const before = (await accepted()).length;
    await press(ADA, HERE, id, 'Retry');
    await Promise.all([press(ADA, HERE, id, 'Retry'), press(BEN, HERE, id, 'Retry')]);
    assert.equal((await accepted()).length, before + 1);
    await until(() => told(ADA).length === 2 && told(BEN).length === 1);
    assert.deepEqual(told(ADA), [`Doing ${code} again.`, `Job ${code} is being done again already.`]);
  });
});

test('stopping is for whoever asked and whose band it is; a stranger and a late press are told so', LIMIT, async () => {
  await withCards(async ({ card, press, accepted, told, until, deps, database }) => {
    // Ada founded the band of the channel by speaking first there.
    await deps.bands.of({ platform: 'slack', botId: BAND.id, chatId: REHEARSAL.id, threadId: null }, personOf(ADA));
    const { id, jobId, code } = await card({ by: BEN, chat: REHEARSAL.id });
    const before = (await accepted()).length;
    await press(CLEO, HERE, id, 'Cancel');
    await until(() => told(CLEO).length === 1);
    assert.match(told(CLEO)[0] ?? '', /Only ben/u);
    assert.equal((await accepted()).length, before);
    await press(BEN, HERE, id, 'Cancel');
    await press(ADA, HERE, id, 'Cancel');
    const [, ...cancels] = await accepted();
    assert.deepEqual(
      cancels.map(({ payload }) => payload),
      [{ kind: 'cancel', jobId }],
    );
    await createJobs(database).end(jobId, { state: 'cancelled' });
    await press(BEN, HERE, id, 'Cancel');
    await until(() => told(BEN).length === 2);
    assert.match(told(BEN)[1] ?? '', new RegExp(`${code} is over already`, 'u'));
  });
});

test('the Home lists what a person’s bands have, wherever that was, and nobody else’s', LIMIT, async () => {
  await withCards(async ({ card, slack, sql, until }) => {
    const inChannel = await card({ by: ADA, chat: REHEARSAL.id, outcome: FAILED });
    const inDemos = await card({ by: BEN, chat: DEMOS.id });
    for (const [person, seen, hidden] of [
      [ADA, inChannel.code, inDemos.code],
      [BEN, inDemos.code, inChannel.code],
    ] as const) {
      const { acknowledgedMs } = await slack.openHome(person.id);
      assert.notEqual(await acknowledgedMs, null);
      const page = await home(slack.conversation.until.bind(slack.conversation), person);
      assert.ok(page.text.includes(seen) && !page.text.includes(hidden), page.text);
    }
    const places = await sql<{ chat_id: string }>('select chat_id from surface');
    assert.deepEqual(places.map(({ chat_id: chat }) => chat).toSorted(), [REHEARSAL.id, DEMOS.id].toSorted());

    await slack.openHome(CLEO.id);
    await until(() => slack.conversation.messages(`home:${CLEO.id}`).length === 1);
    const empty = await home(slack.conversation.until.bind(slack.conversation), CLEO);
    assert.match(empty.text, /\/jam split/u);
  });
});

test('the Home is the band’s library: a song that is done leads to its page', LIMIT, async () => {
  await withCards(async ({ card, slack, database }) => {
    const { jobId } = await card({ by: ADA, chat: REHEARSAL.id });
    const library = createLibrary(database);
    const recording = testRecording('ab'.repeat(32), jobId);
    await library.saveRecording({ jobId, source: { ...testBlob(`sources/${jobId}`), title: 'Harbour' }, recording });
    await createJobs(database).end(jobId, { state: 'done', reused: false, result: testResult() });
    const { recordingId } = (await createJobs(database).find(jobId)) ?? assert.fail();
    await slack.openHome(ADA.id);
    const page = await home(slack.conversation.until.bind(slack.conversation), ADA);
    assert.deepEqual(
      page.buttons.map(({ label, url }) => [label, url]),
      [['Open the song', `https://band.example/r/${recordingId}`]],
    );
  });
});

test('a button of the Home works: the job is done again where its band is, and the page shows it', LIMIT, async () => {
  await withCards(async ({ card, press, slack, requests, told, until }) => {
    const { code } = await card({ by: ADA, chat: REHEARSAL.id, outcome: FAILED });
    await slack.openHome(ADA.id);
    const page = await home(slack.conversation.until.bind(slack.conversation), ADA);
    await press(ADA, { chat: `home:${ADA.id}`, thread: null }, page.id, 'Retry');
    await until(() => told(ADA).length === 1);
    assert.deepEqual(told(ADA), [`Doing ${code} again.`]);
    const [, again, ...more] = await requests();
    assert.deepEqual(more, []);
    assert.equal(again?.address.chatId, REHEARSAL.id);
    assert.equal(again?.requester.userId, ADA.id);
    await until(() => slack.conversation.events.filter(isHomeEdit).length > 0);
  });
});

test('of more jobs than a page holds the newest are on it, and a name full of signs stays letters', LIMIT, async () => {
  await withCards(async ({ card, slack, sql }) => {
    for (let index = 0; index < 45; index += 1) await card({ by: ADA, chat: REHEARSAL.id, outcome: FAILED });
    await sql(`update band set name = '${'<!channel>*:smile:'.repeat(20)}'`);
    await slack.openHome(ADA.id);
    const page = await home(slack.conversation.until.bind(slack.conversation), ADA);
    assert.equal(page.buttons.length, 20);
    assert.ok(page.text.startsWith('<!channel>*:\u2060smile:<!channel>'), page.text.slice(0, 60));
  });
});

async function home(
  until: (wanted: (message: SeenMessage) => boolean, timeoutMs: number) => Promise<SeenMessage>,
  { id }: PersonSeed,
): Promise<SeenMessage> {
  return await until(({ chat }) => chat === `home:${id}`, PATIENCE_MS);
}

function isHomeEdit(event: SlackBench['slack']['conversation']['events'][number]): boolean {
  return event.kind === 'edited' && event.message.chat.startsWith('home:');
}
