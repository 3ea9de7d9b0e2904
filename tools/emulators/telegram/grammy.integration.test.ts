/** The emulator under the real grammY client, where the client's own ways matter. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAbsolute } from 'node:path';
import { test } from 'node:test';
import { Bot, GrammyError, HttpError, InputFile, InputMediaBuilder, webhookCallback } from 'grammy';
import type { Context } from 'grammy';
import { FAULTS, plannedFaults } from '../core/faults.ts';
import type { Fault } from '../core/faults.ts';
import type { TelegramOptions } from './options.ts';
import { ADAS_CHAT, FORUM_CHAT, GROUP_CHAT, song, withBench } from './telegram.test-kit.ts';
import type { Bench, TelegramEmulator } from './telegram.test-kit.ts';

const LIMIT = { timeout: 120_000 };
const WAIT_MS = 60_000;

function createBot({ botEnv }: TelegramEmulator, timeoutSeconds = 60): Bot {
  return new Bot(botEnv['TELEGRAM_TOKEN'] ?? '', {
    client: { apiRoot: botEnv['TELEGRAM_API_URL'] ?? '', timeoutSeconds },
  });
}

/** Also sees to it that every request of grammY's is as the description has it. */
async function withBot(
  options: TelegramOptions,
  use: (bench: Bench & { bot: Bot }) => Promise<void>,
  timeoutSeconds?: number,
): Promise<void> {
  await withBench(options, async (bench) => {
    await use({ ...bench, bot: createBot(bench.telegram, timeoutSeconds) });
    assert.deepEqual(bench.telegram.specReport().violations, []);
  });
}

async function grammyError(promise: Promise<unknown>): Promise<GrammyError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GrammyError, `no GrammyError: ${String(error)}`);
  return error;
}

test('a polling bot hears a command, answers, and confirms it by its next poll', LIMIT, async () => {
  await withBot({}, async ({ bot, telegram }) => {
    bot.command('split', async (ctx: Context) => {
      await ctx.reply(`splitting for ${ctx.match as string}`);
    });
    const running = bot.start({ timeout: 30 });
    const { acknowledgedMs } = await telegram.act({
      kind: 'command',
      by: ADAS_CHAT,
      at: { chat: GROUP_CHAT, thread: null },
      verb: 'split',
      options: { want: 'vocals' },
      text: '',
      file: null,
    });
    const seen = await telegram.conversation.until(({ by }) => by === 'bot', WAIT_MS);
    assert.equal(seen.text, 'splitting for want:vocals');
    assert.ok(Number(await acknowledgedMs) > 0);
    assert.equal(telegram.pendingUpdates(), 0);
    await bot.stop();
    await running;
  });
});

test('a poll whose answer is lost brings the same update again', LIMIT, async () => {
  await withBot({}, async ({ bot, telegram, says }) => {
    await says(ADAS_CHAT, 'once');
    telegram.breakPolls(1);
    await assert.rejects(bot.api.getUpdates(), HttpError);
    const updates = await bot.api.getUpdates();
    assert.equal(updates[0]?.message?.text, 'once');
  });
});

/** A bot behind a webhook, as grammY serves it. */
async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    handler(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/telegram` };
}

test(
  'a webhook gets the secret; a bot with another one refuses, and the update waits with growing delays',
  LIMIT,
  async () => {
    // Telegram's minutes pass in milliseconds.
    await withBot({ speed: 1000 }, async ({ bot, telegram, says }) => {
      await bot.init();
      bot.on('message', async (ctx) => {
        await ctx.reply('heard');
      });
      const { server, url } = await serve(webhookCallback(bot, 'http', { secretToken: 'right' }));
      try {
        await bot.api.setWebhook(url, { secret_token: 'wrong' });
        const { acknowledgedMs } = await says(ADAS_CHAT, 'hello');
        const refusals = new Promise<void>((resolve) => {
          let count = 0;
          server.on('request', (_, response) =>
            response.on('finish', () => {
              count += 1;
              if (response.statusCode === 401 && count === 4) resolve();
            }),
          );
        });
        await refusals;
        const info = await bot.api.getWebhookInfo();
        assert.equal(info.pending_update_count, 1);
        assert.match(info.last_error_message ?? '', /^Wrong response from the webhook: 401/u);
        assert.deepEqual(
          telegram.conversation.messages(ADAS_CHAT).map(({ by }) => by),
          [ADAS_CHAT],
        );
        await bot.api.setWebhook(url, { secret_token: 'right' });
        await telegram.conversation.until(({ by, text }) => by === 'bot' && text === 'heard', WAIT_MS);
        assert.ok(Number(await acknowledgedMs) > 0);
        assert.equal((await bot.api.getWebhookInfo()).pending_update_count, 0);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  },
);

test('a webhook answer that is lost brings the update twice', LIMIT, async () => {
  await withBot({ speed: 1000 }, async ({ bot, telegram, says }) => {
    await bot.init();
    bot.on('message', async (ctx) => {
      await ctx.reply(`update ${String(ctx.update.update_id)}`);
    });
    const { server, url } = await serve(webhookCallback(bot, 'http'));
    try {
      await bot.api.setWebhook(url);
      telegram.loseWebhookAnswers(1);
      const { acknowledgedMs } = await says(ADAS_CHAT, 'hello');
      await acknowledgedMs;
      const replies = telegram.conversation.messages(ADAS_CHAT).filter(({ by }) => by === 'bot');
      assert.equal(replies.length, 2);
      assert.equal(replies[0]?.text, replies[1]?.text);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

test('a card becomes the result by editMessageMedia with an upload, and an album comes as audio', LIMIT, async () => {
  await withBot({}, async ({ bot, telegram }) => {
    const stem = song('vocals (Für Elise).mp3', 200_000);
    const card = await bot.api.sendMessage(FORUM_CHAT, 'Job ABC: working', {
      message_thread_id: 11,
      disable_notification: true,
      link_preview_options: { is_disabled: true },
    });
    const media = InputMediaBuilder.audio(new InputFile(stem.bytes, stem.name), {
      title: 'Vocals',
      caption: 'Job ABC',
    });
    await bot.api.editMessageMedia(FORUM_CHAT, card.message_id, media);
    const seen = telegram.conversation.find(FORUM_CHAT, String(card.message_id));
    assert.equal(seen?.thread, '11');
    assert.deepEqual(seen.files, [
      {
        name: stem.name,
        bytes: 200_000,
        sha256: createHash('sha256').update(stem.bytes).digest('hex'),
        shownAs: 'audio',
      },
    ]);
    const album = await bot.api.sendMediaGroup(
      FORUM_CHAT,
      ['drums.mp3', 'bass.mp3'].map((name) => InputMediaBuilder.audio(new InputFile(song(name).bytes, name))),
      { message_thread_id: 11, reply_parameters: { message_id: card.message_id } },
    );
    assert.deepEqual(
      album.map((message) => [
        'audio' in message ? message.audio.file_name : null,
        message.message_thread_id,
        message.reply_to_message?.message_id,
      ]),
      [
        ['drums.mp3', 11, card.message_id],
        ['bass.mp3', 11, card.message_id],
      ],
    );
  });
});

test('a flood wait and a migration reach the bot as parameters of its error', LIMIT, async () => {
  await withBot({}, async ({ bot, telegram }) => {
    telegram.floodWait(GROUP_CHAT, 17);
    const flood = await grammyError(bot.api.sendMessage(GROUP_CHAT, 'x'));
    assert.deepEqual([flood.error_code, flood.parameters.retry_after], [429, 17]);
    telegram.advance(17_001);
    const moved = telegram.migrateGroup(GROUP_CHAT);
    const gone = await grammyError(bot.api.sendMessage(GROUP_CHAT, 'x'));
    assert.deepEqual([gone.error_code, String(gone.parameters.migrate_to_chat_id)], [400, moved]);
    assert.equal((await bot.api.sendMessage(moved, 'x')).chat.type, 'supergroup');
  });
});

test('a local server gives absolute paths and has no limit of 20 MB', LIMIT, async () => {
  await withBot({ local: true }, async ({ bot, says, telegram }) => {
    assert.equal(telegram.botEnv['TELEGRAM_LOCAL'], '1');
    const long = song('long.mp3', 21 * 1024 * 1024);
    await says(ADAS_CHAT, '', { files: [long] });
    const [update] = await bot.api.getUpdates();
    const { file_path: path = '' } = await bot.api.getFile(update?.message?.audio?.file_id ?? '');
    assert.ok(isAbsolute(path));
    assert.ok((await readFile(path)).equals(Buffer.from(long.bytes)));
  });
});

/** What the bot is told, and whether the message stands there nevertheless. */
const OUTCOMES: Readonly<Record<Fault, { readonly isDone: boolean; readonly isTold: (error: unknown) => boolean }>> = {
  'rate-limited': {
    isDone: false,
    isTold: (error) => error instanceof GrammyError && error.parameters.retry_after === 3,
  },
  'refused-5xx': { isDone: false, isTold: isServerFailure },
  'done-then-5xx': { isDone: true, isTold: isServerFailure },
  'done-then-hang': { isDone: true, isTold: (error) => error instanceof HttpError },
  'done-then-reset': { isDone: true, isTold: (error) => error instanceof HttpError },
  'reset-before': { isDone: false, isTold: (error) => error instanceof HttpError },
};

/** JSON of the API, or the web server's HTML, which grammY cannot read. */
function isServerFailure(error: unknown): boolean {
  return error instanceof HttpError || (error instanceof GrammyError && error.error_code >= 500);
}

for (const fault of FAULTS) {
  test(
    `${fault}: the message is ${OUTCOMES[fault].isDone ? '' : 'not '}there, whatever the bot is told`,
    LIMIT,
    async () => {
      await withBot({ hangMs: 500, faultRetryAfterSeconds: 3 }, async ({ bot, telegram }) => {
        const faults = plannedFaults([{ method: 'sendMessage', fault }]);
        telegram.setFaults(faults);
        const error: unknown = await bot.api.sendMessage(ADAS_CHAT, 'card').then(
          () => null,
          (reason: unknown) => reason,
        );
        assert.ok(OUTCOMES[fault].isTold(error), String(error));
        assert.equal(telegram.conversation.messages(ADAS_CHAT).length, OUTCOMES[fault].isDone ? 1 : 0);
        assert.equal(faults.counts.get(fault), 1);
        await bot.api.sendMessage(ADAS_CHAT, 'card');
        const [first, second] = telegram.requests.filter(({ method }) => method === 'sendMessage');
        assert.equal(first?.status === null, ['done-then-hang', 'done-then-reset', 'reset-before'].includes(fault));
        assert.equal(second?.status, 200);
      });
    },
  );
}
