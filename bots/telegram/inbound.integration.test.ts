import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Update } from 'grammy/types';
import { testJob } from '../../db/test-rows.ts';
import { ADA, BEN, CLEO, FORUM, GROUP, PRIVATE_CHAT } from '../../tools/emulators/telegram/options.ts';
import type { ChatSeed, PersonSeed } from '../../tools/emulators/telegram/options.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { ADAS_CHAT, FORUM_CHAT, GROUP_CHAT, song } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import type { TelegramEmulator } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import type { PersonFile } from '../../tools/emulators/core/emulator.ts';
import type { InboundPayload } from '../../workflows/contract/inbound.ts';
import type { JobRequest } from '../../workflows/contract/request.ts';
import { actionId } from '../core/action-ids.ts';
import { redelivered, withInbound } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };
const EVENTS = 300;
const SIDE_BY_SIDE = 8;

interface Saying {
  readonly thread?: string;
  readonly by?: PersonSeed;
  readonly files?: PersonFile[];
  readonly replyTo?: string;
}

async function says(
  telegram: TelegramEmulator,
  chat: string,
  text: string,
  { thread, by = ADA, files = [], replyTo }: Saying = {},
): Promise<string> {
  const at = { chat, thread: thread ?? null };
  return (await telegram.act({ kind: 'message', by: String(by.id), at, text, files, replyTo: replyTo ?? null })).id;
}

function requests(payload: InboundPayload): readonly Omit<JobRequest, 'inboundEventId'>[] {
  return payload.kind === 'job' ? [payload.request] : payload.kind === 'jobs' ? payload.requests : [];
}

/** Handed to several at once, as threads of a webhook and two processes would. */
async function handleAll(
  updates: readonly Update[],
  handlers: readonly ((update: Update) => Promise<void>)[],
): Promise<void> {
  const waiting = updates.entries();
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const [index, update] of waiting) await handlers[index % handlers.length]?.(update);
    }),
  );
}

test(
  `${String(EVENTS)} updates, each up to four times, in any order and in two processes, are one event each`,
  LIMIT,
  async () => {
    await withInbound({ privacyMode: false }, async (bench) => {
      const { telegram } = bench;
      const places = [[ADAS_CHAT], [GROUP_CHAT], [FORUM_CHAT, '11'], [FORUM_CHAT, '12'], [FORUM_CHAT]] as const;
      for (let index = 0; index < EVENTS; index += 1) {
        const [chat = '', thread] = places[index % places.length] ?? [];
        const isLink = index % 2 === 0;
        const text = isLink ? `/split https://example.org/${String(index)}.mp3` : '/split';
        await says(telegram, chat, text, {
          ...(thread !== undefined && { thread }),
          ...(!isLink && { files: [song(`${String(index)}.mp3`)] }),
        });
      }
      const updates = await bench.take();
      assert.equal(updates.length, EVENTS);
      const all = redelivered(updates, seededRandom(7));
      assert.ok(all.length > EVENTS * 2);
      const processes = [await bench.process(), await bench.process()];
      await handleAll(
        all,
        processes.map((process) => process.handle.bind(process)),
      );
      const accepted = await bench.accepted();
      assert.deepEqual(
        accepted.map(({ eventKey }) => eventKey).toSorted(),
        updates.map(({ update_id }) => String(update_id)).toSorted(),
      );
      const asked = accepted
        .flatMap(({ payload }) => requests(payload))
        .map(({ command: { source } }) =>
          source.kind === 'link' ? source.url.split('/').at(-1) : source.kind === 'attachment' ? source.name : null,
        );
      assert.equal(new Set(asked).size, EVENTS);
      assert.deepEqual(bench.errors, []);
      assert.deepEqual(telegram.specReport().violations, []);
    });
  },
);

test(
  'ten songs sent at once are one event with ten requests, however they arrive and however late again',
  LIMIT,
  async () => {
    await withInbound({}, async (bench) => {
      const files = Array.from({ length: 10 }, (_, index) => song(`${String(index)}.mp3`));
      await says(bench.telegram, ADAS_CHAT, '/split format:opus', { files });
      const updates = await bench.take();
      assert.equal(updates.length, 10);
      const processes = [await bench.process(), await bench.process()];
      const handlers = processes.map((process) => process.handle.bind(process));
      await handleAll(redelivered(updates, seededRandom(3)), handlers);
      await bench.until(async () => (await bench.accepted()).length > 0);
      // A part of it once more, from a batch that was never confirmed.
      await handleAll(updates.slice(4), handlers);
      await bench.until(async () => (await bench.deps.inbox.heldGroups('telegram', '7000001')).length === 0);
      const [event, ...others] = await bench.accepted();
      assert.equal(others.length, 0);
      assert.ok(event?.payload.kind === 'jobs');
      const asked = event.payload.requests.map(
        ({ command: { source, format } }) => `${source.kind === 'attachment' ? source.name : ''} as ${format}`,
      );
      assert.deepEqual(asked.toSorted(), files.map(({ name }) => `${name} as opus`).toSorted());
      assert.deepEqual(bench.errors, []);
    });
  },
);

test('an album whose process died is gone on with by the next', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    await says(bench.telegram, ADAS_CHAT, '', { files: [song('a.mp3'), song('b.mp3')] });
    const first = await bench.process();
    for (const update of await bench.take()) await first.handle(update);
    first.stop();
    assert.equal((await bench.accepted()).length, 0);
    await (await bench.process()).resume();
    await bench.until(async () => (await bench.accepted()).length > 0);
    const [event] = await bench.accepted();
    assert.equal(event === undefined ? 0 : requests(event.payload).length, 2, 'in private it needs no word');
  });
});

test('an album with a command that cannot be is told so, and is nothing', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    await says(bench.telegram, ADAS_CHAT, '/split format:ogg', { files: [song('a.mp3'), song('b.mp3')] });
    const process = await bench.process();
    for (const update of await bench.take()) await process.handle(update);
    await bench.until(async () => (await bench.deps.inbox.heldGroups('telegram', '7000001')).length === 0);
    assert.deepEqual(await bench.accepted(), []);
    assert.match(said(bench.telegram, ADAS_CHAT).join('\n'), /mp3/u);
  });
});

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
    assert.deepEqual(
      offers.map(({ buttons }) => buttons.map(({ label }) => label)),
      [['Split stems'], ['Split stems']],
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

test('edits, other bots, and talk that is not meant for us are left alone', LIMIT, async () => {
  const robot: PersonSeed = {
    id: 9_000_009,
    firstName: 'Robot',
    username: 'robot_bot',
    languageCode: 'en',
    isBot: true,
  };
  const group: ChatSeed = { ...GROUP, members: [...GROUP.members, robot.id] };
  const options = {
    people: [ADA, BEN, CLEO, robot],
    chats: [PRIVATE_CHAT, group],
    seesOtherBots: true,
    privacyMode: false,
  };
  await withInbound(options, async (bench) => {
    const { telegram } = bench;
    const process = await bench.process();
    const link = '/split https://example.org/a.mp3';
    await says(telegram, GROUP_CHAT, link, { by: robot });
    await says(telegram, GROUP_CHAT, 'who has the setlist?');
    await says(telegram, GROUP_CHAT, '/weather');
    await says(telegram, GROUP_CHAT, '', { files: [song('a.mp3'), song('b.mp3')] });
    const id = await says(telegram, GROUP_CHAT, 'wait');
    await telegram.act({
      kind: 'edit',
      by: ADAS_CHAT,
      at: { chat: GROUP_CHAT, thread: null },
      messageId: id,
      text: link,
    });
    const updates = await bench.take();
    assert.ok(updates.length >= 6, String(updates.length));
    for (const update of updates) await process.handle(update);
    await bench.until(async () => (await bench.deps.inbox.heldGroups('telegram', '7000001')).length === 0);
    assert.deepEqual(await bench.accepted(), []);
    assert.deepEqual(said(telegram, GROUP_CHAT), []);
  });
});

test('topics, General, channels and those who speak as their group are answered where they are', LIMIT, async () => {
  const channel: ChatSeed = { ...GROUP, id: -1_001_900_000_777, type: 'channel', title: 'Demos', admins: [BEN.id] };
  const group: ChatSeed = { ...GROUP, anonymousAdmins: [BEN.id] };
  await withInbound({ chats: [PRIVATE_CHAT, FORUM, group, channel] }, async (bench) => {
    const { telegram } = bench;
    const process = await bench.process();
    const link = '/split https://example.org/a.mp3';
    const channelId = String(channel.id);
    await says(telegram, FORUM_CHAT, link, { thread: '12' });
    await says(telegram, FORUM_CHAT, link);
    await says(telegram, GROUP_CHAT, link, { by: BEN });
    await says(telegram, channelId, link, { by: BEN });
    for (const update of await bench.take()) await process.handle(update);
    const places = (await bench.accepted()).flatMap(({ payload }) => requests(payload));
    assert.deepEqual(
      places.map(({ address, requester }) => [address.chatId, address.threadId, requester.userId]),
      [
        [FORUM_CHAT, '12', ADAS_CHAT],
        [FORUM_CHAT, null, ADAS_CHAT],
        [GROUP_CHAT, null, `chat:${GROUP_CHAT}`],
        [channelId, null, `chat:${channelId}`],
      ],
    );
  });
});

test('a closed topic takes no answer, and what was asked for there is not lost', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const { telegram } = bench;
    const process = await bench.process();
    await says(telegram, FORUM_CHAT, '/jobs', { thread: '11' });
    await says(telegram, FORUM_CHAT, '/split https://example.org/a.mp3', { thread: '11' });
    telegram.closeTopic(FORUM_CHAT, '11');
    for (const update of await bench.take()) await process.handle(update);
    assert.equal((await bench.accepted()).length, 1);
    assert.equal(bench.errors.length, 1, 'the list of jobs could not be told');
  });
});

test('a group that becomes a supergroup keeps its band', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const { telegram, deps } = bench;
    const process = await bench.process();
    await says(telegram, GROUP_CHAT, '/jam band create "The Sheds"');
    for (const update of await bench.take()) await process.handle(update);
    const moved = telegram.migrateGroup(GROUP_CHAT);
    const updates = await bench.take();
    for (const update of redelivered(updates, seededRandom(2))) await process.handle(update);
    const at = { platform: 'telegram', botId: '7000001', chatId: moved, threadId: null } as const;
    const ada = { platform: 'telegram', userId: ADAS_CHAT, displayName: 'Ada' } as const;
    assert.equal((await deps.bands.of(at, ada)).name, 'The Sheds');
  });
});

test(
  'in private a link alone is a song, and anything else gets the list, whose commands can be tapped',
  LIMIT,
  async () => {
    await withInbound({}, async (bench) => {
      const { telegram } = bench;
      const process = await bench.process();
      await says(telegram, ADAS_CHAT, 'https://example.org/a.mp3');
      await says(telegram, ADAS_CHAT, 'what can you do?');
      await says(telegram, ADAS_CHAT, '/start');
      for (const update of await bench.take()) await process.handle(update);
      assert.equal((await bench.accepted()).length, 1);
      const lists = said(telegram, ADAS_CHAT);
      assert.equal(lists.length, 2);
      for (const list of lists) assert.match(list, /^\/split/u);
    });
  },
);

test(
  'an update that could not be written down is not done with, and comes in when it is given again',
  LIMIT,
  async () => {
    await withInbound({}, async (bench) => {
      await says(bench.telegram, ADAS_CHAT, '/split https://example.org/a.mp3');
      const process = await bench.process();
      const [update] = await bench.take();
      assert.ok(update !== undefined);
      await bench.sql('alter table inbound_event rename to away');
      await assert.rejects(process.handle(update));
      await bench.sql('alter table away rename to inbound_event');
      await process.handle(update);
      assert.equal((await bench.accepted()).length, 1);
    });
  },
);

/** What the bot says in a chat, as Telegram has it. */
function said(telegram: TelegramEmulator, chat: string): string[] {
  return telegram.conversation
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ text }) => text);
}
