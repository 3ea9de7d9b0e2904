import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersonAction, PersonFile } from '../../tools/emulators/core/emulator.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { ADA, BAND, BEN, DEMOS, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import type { SlackEmulator } from '../../tools/emulators/slack/slack-emulator.ts';
import { songFile, typeCommand } from '../../tools/emulators/slack/slack.test-kit.ts';
import { PATIENCE_MS, withSlackBot } from './inbound.test-kit.ts';
import type { SlackBench } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };
const LINK = 'https://example.org/a.mp3';
const IN_CHANNEL = { chat: REHEARSAL.id, thread: null } as const;

type Saying = Partial<Omit<Extract<PersonAction, { kind: 'message' }>, 'kind' | 'text'>>;

/** Resolves with the message's id once the bot has acknowledged it. */
async function says(slack: SlackEmulator, text: string, more: Saying = {}): Promise<string> {
  const { id, acknowledgedMs } = await slack.act({
    kind: 'message',
    by: ADA.id,
    at: IN_CHANNEL,
    files: [],
    replyTo: null,
    ...more,
    text,
  });
  assert.notEqual(await acknowledgedMs, null, `nobody acknowledged ${JSON.stringify(text)}`);
  return id;
}

async function types(slack: SlackEmulator, text: string, verb = 'jam', chat: string = REHEARSAL.id): Promise<void> {
  assert.notEqual(await (await typeCommand(slack, text, verb, chat)).acknowledgedMs, null, text);
}

async function chooses(slack: SlackEmulator, messageId: string, at: PersonAction['at'] = IN_CHANNEL): Promise<void> {
  const { acknowledgedMs } = await slack.act({ kind: 'shortcut', by: ADA.id, at, name: 'split_message', messageId });
  assert.notEqual(await acknowledgedMs, null);
}

async function ownWords(slack: SlackEmulator, wanted: RegExp): Promise<SeenMessage> {
  return await slack.conversation.until(({ by, text }) => by === 'bot' && wanted.test(text), PATIENCE_MS);
}

async function withBot(use: (bench: SlackBench) => Promise<void>): Promise<void> {
  await withSlackBot({ app: { commands: ['/jam', '/split'] } }, async (bench) => {
    await bench.connect();
    await use(bench);
    assert.deepEqual(bench.slack.specReport().violations, []);
    assert.deepEqual(bench.errors, []);
  });
}

function formatOf(request: Awaited<ReturnType<SlackBench['requests']>>[number] | undefined): string | null {
  return request?.command.kind === 'split' ? request.command.format : null;
}

function sourceNames(requests: Awaited<ReturnType<SlackBench['requests']>>): string[] {
  return requests.map(({ command: { source } }) => (source.kind === 'link' ? source.url : source.name));
}

test(
  '/jam split and /split with a link are jobs where they are typed, and only the asker sees the answer',
  LIMIT,
  async () => {
    await withBot(async ({ slack, requests }) => {
      await types(slack, `split ${LINK} format:opus`);
      await types(slack, `https://example.org/b.mp3`, 'split', DEMOS.id);
      const asked = await requests();
      assert.deepEqual(sourceNames(asked), [LINK, 'https://example.org/b.mp3']);
      assert.deepEqual(asked[0]?.address, { platform: 'slack', botId: BAND.id, chatId: REHEARSAL.id, threadId: null });
      assert.deepEqual(asked[0]?.requester, { platform: 'slack', userId: ADA.id, displayName: ADA.name });
      assert.equal(formatOf(asked[0]), 'opus');
      assert.equal(asked[1]?.address.chatId, DEMOS.id);
      assert.equal((await ownWords(slack, /On it/u)).onlyFor, ADA.id);
    });
  },
);

test('/jam split without a link says what to do instead, and what cannot be is refused', LIMIT, async () => {
  await withBot(async ({ slack, accepted }) => {
    await types(slack, 'split');
    const told = await ownWords(slack, /Split stems/u);
    assert.match(told.text, /\/jam split.*link.*mention me/u);
    assert.equal(told.onlyFor, ADA.id);
    await types(slack, `split ${LINK} format:ogg`);
    await ownWords(slack, /mp3/u);
    await types(slack, 'dance');
    await types(slack, 'help');
    await ownWords(slack, /\/jam band create/u);
    assert.deepEqual(await accepted(), []);
  });
});

test('words of a song come behind the command, line by line', LIMIT, async () => {
  await withBot(async ({ slack, requests }) => {
    await types(slack, `lyrics ${LINK}\nYou & I\n"Stay" <3`);
    await types(slack, `chords ${LINK} capo:2`);
    assert.deepEqual(
      (await requests()).map(({ command }) => (command.kind === 'lyrics' ? command.given : command.kind)),
      ['You & I\n"Stay" <3', 'chords'],
    );
  });
});

test(
  'words of a song may be as long as ten thousand letters, and longer ones are refused in words',
  LIMIT,
  async () => {
    await withBot(async ({ slack, requests }) => {
      // Slack writes the sign as five: more than twenty thousand letters.
      const longest = `${'You & I, oh \n'.repeat(769)}la`;
      await types(slack, `lyrics ${LINK}\n${longest}`);
      for (const repeats of [1115, 20_000]) {
        await types(slack, `lyrics ${LINK}\n${'la la la\n'.repeat(repeats)}`);
      }
      const told = slack.conversation
        .messages(REHEARSAL.id)
        .filter(({ by, text }) => by === 'bot' && /10.?000/u.test(text));
      assert.equal(told.length, 2);
      assert.deepEqual(
        (await requests()).map(({ command }) => (command.kind === 'lyrics' ? command.given : null)),
        [longest],
      );
    });
  },
);

test('a message’s menu takes its songs, in a channel and in a thread', LIMIT, async () => {
  await withBot(async ({ slack, requests }) => {
    const first = await says(slack, 'take one', { files: [songFile('one.flac'), picture()] });
    await chooses(slack, first);
    const at = { chat: REHEARSAL.id, thread: first };
    const second = await says(slack, 'take two', { at, files: [songFile('two.flac')] });
    await chooses(slack, second, at);
    const asked = await requests();
    assert.deepEqual(sourceNames(asked), ['one.flac', 'two.flac']);
    assert.deepEqual(
      asked.map(({ address }) => address.threadId),
      [null, first],
    );
    assert.equal(asked[0]?.requester.userId, ADA.id);
  });
});

test('a menu on a message without a song says so, in words', LIMIT, async () => {
  await withBot(async ({ slack, accepted }) => {
    await chooses(slack, await says(slack, 'no song', { files: [picture()] }));
    assert.equal((await ownWords(slack, /Split stems/u)).onlyFor, ADA.id);
    assert.deepEqual(await accepted(), []);
  });
});

test('a mention with a file is a job, in its thread, with words or without', LIMIT, async () => {
  await withBot(async ({ slack, requests }) => {
    const first = await says(slack, '@Woodshed', { files: [songFile('one.flac')] });
    await says(slack, '@Woodshed split strategy:vocals format:wav', {
      by: BEN.id,
      at: { chat: REHEARSAL.id, thread: first },
      files: [songFile('two.flac')],
    });
    await says(slack, `@Woodshed ${LINK}`);
    const asked = await requests();
    assert.deepEqual(sourceNames(asked), ['one.flac', 'two.flac', LINK]);
    assert.deepEqual(
      asked.map((request) => [request.address.threadId, request.requester.displayName, formatOf(request)]),
      [
        [null, ADA.name, 'mp3'],
        [first, BEN.name, 'wav'],
        [null, ADA.name, 'mp3'],
      ],
    );
  });
});

test('in private a file or a link needs no word, and talk gets the list of commands', LIMIT, async () => {
  await withBot(async ({ slack, requests, accepted }) => {
    const at = { chat: slack.directChat(ADA.id), thread: null };
    await says(slack, '', { at, files: [songFile('one.flac')] });
    await says(slack, LINK, { at });
    await says(slack, '@Woodshed split', { at, files: [songFile('two.flac')] });
    assert.deepEqual(sourceNames(await requests()), ['one.flac', LINK, 'two.flac']);
    assert.equal((await requests())[0]?.address.chatId, at.chat);
    await says(slack, 'help', { at });
    await ownWords(slack, /\/jam band create/u);
    assert.equal((await accepted()).length, 3);
  });
});

test('ten files of a message are a request each, fourteen are refused by their number', LIMIT, async () => {
  await withBot(async ({ slack, accepted }) => {
    const files = Array.from({ length: 14 }, (_, index) => songFile(`${String(index)}.flac`, index));
    await says(slack, '@Woodshed', { files });
    assert.match((await ownWords(slack, /10/u)).text, /10/u);
    assert.deepEqual(await accepted(), []);
    await says(slack, '@Woodshed', { files: files.slice(4) });
    const [event, ...others] = await accepted();
    assert.equal(others.length, 0);
    assert.ok(event?.payload.kind === 'jobs' && event.payload.requests.length === 10);
  });
});

test('its own words, other bots, edits, joins and talk that is not meant for it are left alone', LIMIT, async () => {
  await withBot(async ({ slack, accepted }) => {
    const me = slack.bot().userId;
    await says(slack, 'who has the setlist?', { files: [songFile()] });
    const id = await says(slack, 'wait');
    const edit = await slack.act({
      kind: 'edit',
      by: ADA.id,
      at: IN_CHANNEL,
      messageId: id,
      text: `@Woodshed ${LINK}`,
    });
    await edit.acknowledgedMs;
    const { acknowledgedMs } = await slack.act({ kind: 'delete', by: ADA.id, at: IN_CHANNEL, messageId: id });
    await acknowledgedMs;
    const direct = slack.directChat(ADA.id);
    await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.token().accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: direct, text: `<@${me}> ${LINK}` }),
    });
    await says(slack, 'hello', { at: { chat: direct, thread: null } });
    assert.deepEqual(await accepted(), []);
    const answers = slack.conversation.messages(REHEARSAL.id).filter(({ by }) => by === 'bot');
    assert.deepEqual(answers, []);
  });
});

function picture(): PersonFile {
  return { name: 'cover.png', bytes: new Uint8Array(20), mimeType: 'image/png' };
}
