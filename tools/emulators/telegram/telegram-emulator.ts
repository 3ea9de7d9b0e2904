/** A Telegram of one's own on a loopback port, for one bot: no account, no internet. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConversation } from '../core/conversation.ts';
import type { ChatEmulator } from '../core/emulator.ts';
import { noFaults } from '../core/faults.ts';
import { openSpecCheck } from '../core/spec-check.ts';
import { createClock } from '../core/emulated-clock.ts';
import { seededRandom } from '../core/seeded-random.ts';
import { ApiError } from './api-error.ts';
import { runWebhookAnswer, startApiServer } from './api-server.ts';
import type { TelegramRequest } from './api-server.ts';
import { createChats } from './chats.ts';
import type { Chat } from './chats.ts';
import type { Emulation } from './emulation.ts';
import { createFileStore } from './file-store.ts';
import { createFloodControl } from './flood-control.ts';
import { ADA, BEN, BOT, CLEO, CLOUD_LIMITS, FORUM, GROUP, LOCAL_LIMITS, PRIVATE_CHAT } from './options.ts';
import type { TelegramOptions } from './options.ts';
import { act } from './people.ts';
import { createPressedButtons } from './pressed-buttons.ts';
import { migrate, setBlocked, setStanding, setTopicClosed } from './standing.ts';
import { createUpdateQueue } from './update-queue.ts';
import { createWebhook } from './webhook.ts';

/** What people and Telegram itself do beside `act`. Chats, topics and people are named as in `PersonPlace`. */
export interface TelegramControls {
  /** Root of the API, without a slash at the end: `botEnv.TELEGRAM_API_URL`. */
  readonly root: string;
  readonly token: string;
  /** Puts Telegram's clock forward. */
  advance(ms: number): void;
  blockBot(person: string): void;
  unblockBot(person: string): void;
  kickBot(chat: string): void;
  addBot(chat: string, asAdmin?: boolean): void;
  /** @returns id of the supergroup that it became */
  migrateGroup(chat: string): string;
  closeTopic(chat: string, topic: string): void;
  reopenTopic(chat: string, topic: string): void;
  deleteChat(chat: string): void;
  /** From now on whatever the bot does in this chat is answered so, in the server's own words. */
  refuse(chat: string, code: 400 | 403, description: string): void;
  /** The bot's owner asked for another token: this one is none any more. */
  revokeToken(): void;
  /** A flood wait out of the blue: the whole chat is closed to the bot for that long. */
  floodWait(chat: string, seconds: number): void;
  /** From now on files of more than so many bytes are refused. */
  limitUploads(bytes: number): void;
  /** The next webhook answers are lost on their way: those updates come again. */
  loseWebhookAnswers(count: number): void;
  /** The next polls' connections break before their updates arrive. */
  breakPolls(count: number): void;
  /** Updates that the bot has not confirmed. */
  pendingUpdates(): number;
}

export interface TelegramEmulator extends ChatEmulator, TelegramControls {
  readonly requests: readonly TelegramRequest[];
}

/** A press can be answered for about this long. */
const QUERY_LIFE_MS = 15 * 60_000;

export async function createTelegramEmulator(options: TelegramOptions = {}): Promise<TelegramEmulator> {
  const seed = options.seed ?? 1;
  const random = seededRandom(seed);
  const bot = options.bot ?? BOT;
  const token = options.token ?? `${String(bot.id)}:AAEmulated-${'x'.repeat(24)}`;
  const isLocal = options.local === true;
  const clock = createClock(options.speed);
  const queue = createUpdateQueue(clock, 100_000 + Math.floor(random() * 100_000));
  const conversation = createConversation();
  const webhook = createWebhook(clock, queue, random, (body) => void runWebhookAnswer(emulation, body));
  const emulation: Emulation = {
    token,
    isTokenRevoked: false,
    clock,
    chats: createChats(bot, options.people ?? [ADA, BEN, CLEO], options.chats ?? [PRIVATE_CHAT, FORUM, GROUP], seed),
    files: createFileStore(),
    conversation,
    queue,
    webhook,
    flood: createFloodControl(clock, options.floodLimits === true),
    presses: createPressedButtons(clock, options.queryLifeMs ?? QUERY_LIFE_MS),
    limits: { ...(isLocal ? LOCAL_LIMITS : CLOUD_LIMITS), ...options.limits },
    localFolder: isLocal ? await mkdtemp(join(tmpdir(), 'telegram-bot-api-')) : null,
    commands: new Map(),
    privacyMode: options.privacyMode ?? true,
    seesOtherBots: options.seesOtherBots ?? false,
  };
  const spec = await openSpecCheck('telegram', options.specsDir);
  let faults = noFaults();
  const server = await startApiServer(emulation, {
    hangMs: options.hangMs ?? 30_000,
    faultRetryAfterSeconds: options.faultRetryAfterSeconds ?? 1,
    random,
    spec,
    faults: () => faults,
  });
  const chat = (id: string): Chat => {
    const found = emulation.chats.all.get(Number(id));
    if (found === undefined) throw new RangeError(`no chat ${id}`);
    return found;
  };

  return {
    platform: 'telegram',
    root: server.root,
    token,
    botEnv: {
      TELEGRAM_TOKEN: token,
      TELEGRAM_API_URL: server.root,
      ...(isLocal && { TELEGRAM_LOCAL: '1' }),
    },
    conversation,
    requests: server.requests,
    setFaults(next) {
      faults = next;
    },
    act: async (action) => await act(emulation, action),
    specReport: () => spec.report(),
    fileBytes: (sha256) => emulation.files.bySha256(sha256)?.bytes ?? null,
    advance: (ms) => clock.advance(ms),
    blockBot: (person) => void setBlocked(emulation, chat(person), true),
    unblockBot: (person) => void setBlocked(emulation, chat(person), false),
    kickBot: (id) => void setStanding(emulation, chat(id), 'kicked'),
    addBot: (id, asAdmin = false) => void setStanding(emulation, chat(id), asAdmin ? 'administrator' : 'member'),
    migrateGroup: (id) => String(migrate(emulation, chat(id)).id),
    closeTopic: (id, topic) => setTopicClosed(emulation, chat(id), Number(topic), true),
    reopenTopic: (id, topic) => setTopicClosed(emulation, chat(id), Number(topic), false),
    deleteChat(id) {
      chat(id).isDeleted = true;
    },
    refuse(id, code, description) {
      chat(id).refusal = new ApiError(code, description);
    },
    revokeToken() {
      emulation.isTokenRevoked = true;
    },
    floodWait: (id, seconds) => emulation.flood.block(chat(id).id, seconds),
    limitUploads(uploadBytes) {
      emulation.limits = { ...emulation.limits, uploadBytes };
    },
    loseWebhookAnswers: (count) => webhook.loseAnswers(count),
    breakPolls: (count) => server.breakPolls(count),
    pendingUpdates: () => queue.pending().length,
    async close() {
      webhook.close();
      queue.close();
      clock.close();
      await server.close();
      if (emulation.localFolder !== null) await rm(emulation.localFolder, { recursive: true, force: true });
    },
  };
}
