/** Telegram may ask for a wait whatever is called: what the bot does then, by Telegram's own log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from 'grammy';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import { createTelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import type { TelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { openTelegramFile } from './download.ts';
import { pollUpdates } from './poll-updates.ts';
import { registerCommands } from './register-commands.ts';
import { waitAtStart } from './wait-at-start.ts';

const LIMIT = { timeout: 60_000 };
const ASKED_SECONDS = 2;

async function withTelegram(
  limited: readonly string[],
  use: (telegram: TelegramEmulator, api: Api, stopping: AbortController) => Promise<void>,
): Promise<void> {
  const telegram = await createTelegramEmulator({ faultRetryAfterSeconds: ASKED_SECONDS });
  const stopping = new AbortController();
  const api = new Api(telegram.token, { apiRoot: telegram.root, timeoutSeconds: 30 });
  api.config.use(waitAtStart(stopping.signal));
  telegram.setFaults(plannedFaults(limited.map((method) => ({ method, fault: 'rate-limited' }))));
  try {
    await use(telegram, api, stopping);
  } finally {
    stopping.abort();
    await telegram.close();
  }
}

/** Milliseconds from each limited call to the next of its method. */
function waits({ requests }: TelegramEmulator): number[] {
  return requests.flatMap(({ method, atMs, status }, index) => {
    const next = requests.slice(index + 1).find((later) => later.method === method);
    return status === 429 ? [(next?.atMs ?? 0) - atMs] : [];
  });
}

function assertNeverEarly(telegram: TelegramEmulator, limits: number): void {
  const waited = waits(telegram);
  assert.equal(waited.length, limits);
  for (const ms of waited) assert.ok(ms >= ASKED_SECONDS * 1000, `${String(ms)} ms`);
}

test('what is asked at the start is asked again after the wait', { ...LIMIT, concurrency: true }, async (t) => {
  const calls = {
    getMe: async (api: Api) => await api.getMe(),
    setMyCommands: registerCommands,
    deleteWebhook: async (api: Api) => await api.deleteWebhook(),
    setWebhook: async (api: Api) => await api.setWebhook('https://bot.example/hook'),
  };
  await Promise.all(
    Object.entries(calls).map(async ([method, call]) => {
      await t.test(method, async () => {
        await withTelegram([method], async (telegram, api) => {
          await call(api);
          assertNeverEarly(telegram, 1);
        });
      });
    }),
  );
});

test('who is stopped while the bot starts waits no longer', LIMIT, async () => {
  await withTelegram(['getMe'], async (telegram, api, stopping) => {
    const asking = api.getMe();
    while (telegram.requests[0]?.status !== 429) await new Promise((resolve) => setTimeout(resolve, 10));
    stopping.abort();
    await assert.rejects(asking);
    assert.equal(telegram.requests.length, 1);
  });
});

test('the next poll comes after the wait', LIMIT, async () => {
  await withTelegram(['getUpdates'], async (telegram, api, stopping) => {
    const polling = pollUpdates({
      api,
      signal: stopping.signal,
      handle: async () => await Promise.resolve(),
      onError: () => undefined,
      onState: () => undefined,
    });
    while (telegram.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    stopping.abort();
    await polling;
    assertNeverEarly(telegram, 1);
  });
});

test('a song that cannot be fetched yet says for how long', LIMIT, async () => {
  await withTelegram(['getFile'], async (telegram, api) => {
    const downloads = { api, token: telegram.token, apiRoot: telegram.root, isLocal: false };
    await assert.rejects(
      openTelegramFile(downloads, 'any'),
      (error) => error instanceof SendError && error.retryAfterMs === ASKED_SECONDS * 1000,
    );
    assert.equal(telegram.requests.length, 1);
  });
});
