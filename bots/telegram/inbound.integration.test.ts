/** Updates into the ledger, or into an answer where they were said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, BEN, CLEO, FORUM, GROUP, PRIVATE_CHAT } from '../../tools/emulators/telegram/options.ts';
import type { PersonFile } from '../../tools/emulators/core/emulator.ts';
import type { ChatSeed, PersonSeed } from '../../tools/emulators/telegram/options.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { ADAS_CHAT, FORUM_CHAT, GROUP_CHAT, song } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { handleAll, redelivered, requests, said, says, withInbound } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };
const EVENTS = 300;

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

test(
  'in private what is no song is refused in words, papers sent together once; a group is left alone',
  LIMIT,
  async () => {
    await withInbound({ privacyMode: false }, async (bench) => {
      const { telegram } = bench;
      const paper = (name: string, mimeType: string): PersonFile => ({ name, mimeType, bytes: Buffer.from('x') });
      const papers = [
        paper('song.zip', 'application/zip'),
        paper('score.pdf', 'application/pdf'),
        paper('song.rar', 'application/vnd.rar'),
        paper('live.m3u8', 'application/vnd.apple.mpegurl'),
      ];
      for (const file of papers) await says(telegram, ADAS_CHAT, '', { files: [file] });
      await says(telegram, ADAS_CHAT, '', { files: papers });
      await says(telegram, GROUP_CHAT, '', { files: papers });
      const process = await bench.process();
      for (const update of await bench.take()) await process.handle(update);
      const told = said(telegram, ADAS_CHAT);
      assert.equal(told.length, papers.length + 1);
      for (const text of told) assert.match(text, /MP3, WAV, FLAC/u);
      assert.deepEqual(said(telegram, GROUP_CHAT), []);
      assert.deepEqual(bench.errors, []);
    });
  },
);
