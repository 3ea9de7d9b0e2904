/** Chats that take no encoding of a stem: the result comes as links in the card, and they lead to the bytes. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { REST } from 'discord.js';
import { Api } from 'grammy';
import { testPlan, testRecording, testResult } from '../../db/test-rows.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import type { ChatEmulator } from '../../tools/emulators/core/emulator.ts';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA as DISCORD_ADA, REHEARSAL as DISCORD_REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { ADA as SLACK_ADA, BAND, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import { createSlackEmulator } from '../../tools/emulators/slack/slack-emulator.ts';
import { ADA, FORUM } from '../../tools/emulators/telegram/options.ts';
import { createTelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import type { ChatActivities } from '../../workflows/contract/chat-activities.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { createFakeWorld, pcm } from '../../workflows/fake-activities.test-kit.ts';
import type { FakeWorld } from '../../workflows/fake-activities.test-kit.ts';
import { openStage } from '../../workflows/stage.test-kit.ts';
import { createDiscordPort } from '../discord/outbound.ts';
import { createClient } from '../slack/clients.ts';
import { createMethodLimits } from '../slack/method-limits.ts';
import { createSlackPort } from '../slack/outbound.ts';
import { createTelegramPort } from '../telegram/outbound.ts';
import { openDeliveryPath } from './delivery-path.test-kit.ts';
import type { DeliveryPath } from './delivery-path.test-kit.ts';
import { openHouse, put, writeDown } from './house.test-kit.ts';
import type { House } from './house.test-kit.ts';
import { sha256Behind } from './refusals.test-kit.ts';

const LIMIT = { timeout: 180_000 };
/** Less than the smallest encoding, and less than the metadata. */
const CHAT_TAKES_BYTES = 500;
/** Of ten seconds. */
const BYTES_OF: Readonly<Record<string, number>> = { '320': 400_000, '192': 240_000, '128': 160_000 };

interface SmallChat {
  readonly emulator: ChatEmulator;
  readonly port: ChatPort;
  readonly address: ChatAddress;
  readonly requester: Requester;
}

const OPEN: Readonly<Record<'Discord' | 'Slack' | 'Telegram', () => Promise<SmallChat>>> = {
  async Discord() {
    const emulator = await createDiscordEmulator({ attachmentBytes: CHAT_TAKES_BYTES });
    const { apiUrl, token, botId } = emulator;
    const rest = new REST({ api: apiUrl, retries: 0, rejectOnRateLimit: () => true }).setToken(token);
    // What servers without boosts take, as far as the bot knows.
    const uploadLimitBytes = async (): Promise<number> => await Promise.resolve(10 * 1024 * 1024);
    return {
      emulator,
      port: createDiscordPort({ rest, uploadLimitBytes, ownHost: new URL(apiUrl).host }),
      address: { platform: 'discord', botId, chatId: DISCORD_REHEARSAL.id, threadId: null },
      requester: { platform: 'discord', userId: DISCORD_ADA.id, displayName: DISCORD_ADA.displayName },
    };
  },
  async Slack() {
    const emulator = await createSlackEmulator({ maxFileBytes: CHAT_TAKES_BYTES, honoursFileIds: false });
    const client = createClient(emulator.token().accessToken, emulator.apiUrl, createMethodLimits());
    return {
      emulator,
      port: createSlackPort({
        clientOf: async () => await Promise.resolve(client),
        fileIds: false,
        ownHost: new URL(emulator.apiUrl).host,
      }),
      address: { platform: 'slack', botId: BAND.id, chatId: REHEARSAL.id, threadId: null },
      requester: { platform: 'slack', userId: SLACK_ADA.id, displayName: SLACK_ADA.realName },
    };
  },
  async Telegram() {
    const emulator = await createTelegramEmulator({ limits: { uploadBytes: CHAT_TAKES_BYTES } });
    const { token, root: apiRoot } = emulator;
    const api = new Api(token, { apiRoot, timeoutSeconds: 30 });
    return {
      emulator,
      port: createTelegramPort({ api, token, apiRoot, isLocal: false }),
      address: { platform: 'telegram', botId: token.split(':')[0] ?? '', chatId: String(FORUM.id), threadId: '11' },
      requester: { platform: 'telegram', userId: String(ADA.id), displayName: ADA.firstName },
    };
  },
};

test('chats that take no encoding of a stem', LIMIT, async (t) => {
  const [house, stage] = await Promise.all([openHouse(), openStage()]);
  const rooms = await Promise.all(
    Object.entries(OPEN).map(async ([name, open]) => await openRoom(house, name, await open())),
  );
  const stored = new Map<string, string>();
  try {
    await stage.run(worldIn(house, rooms, stored), async (run) => {
      async function split({ chat }: Room): Promise<SeenMessage> {
        const earlier = messagesOfBot(chat).length;
        const started = await run.start(await writeDown(house, chat));
        assert.equal((await started.result()).state, 'done');
        const [card, ...more] = messagesOfBot(chat).slice(earlier);
        assert.ok(card !== undefined && more.length === 0, 'a card, and nothing beside it');
        return card;
      }
      const all = rooms.map(async (room) => {
        await t.test(`${room.name}: the card has a link to every file`, async () => {
          await assertLinked(await split(room), stored);
        });
        await t.test(`${room.name}: no file of the next song is even tried`, async () => {
          const requests = room.chat.emulator.requests.length;
          await assertLinked(await split(room), stored);
          assert.equal(room.chat.emulator.requests.length - requests, 2, 'the card, and its end');
        });
      });
      await Promise.all(all);
    });
  } finally {
    for (const { path, chat } of rooms) {
      await path.stop();
      await chat.emulator.close();
    }
    await stage.close();
    await house.close();
  }
  for (const { chat } of rooms) assert.deepEqual(chat.emulator.specReport().violations, []);
});

interface Room {
  readonly name: string;
  readonly chat: SmallChat;
  readonly path: DeliveryPath;
}

async function openRoom(house: House, name: string, chat: SmallChat): Promise<Room> {
  return { name, chat, path: await openDeliveryPath(house, chat.port, chat.address.platform) };
}

function messagesOfBot({ emulator, address }: SmallChat): readonly SeenMessage[] {
  return emulator.conversation.messages(address.chatId).filter(({ by }) => by === 'bot');
}

/** @param stored file names by the sha256 of their bytes */
async function assertLinked({ text, files, buttons }: SeenMessage, stored: ReadonlyMap<string, string>): Promise<void> {
  assert.match(text, /LUFS/u);
  assert.deepEqual(files, []);
  const links = buttons.flatMap(({ label, url }) => (url === null ? [] : [{ name: label.replace(/ .*$/u, ''), url }]));
  // Telegram shows data nowhere.
  const sounds = links.filter(({ name }) => name !== 'metadata.json');
  assert.deepEqual(sounds.map(({ name }) => name).toSorted(), ['accompaniment.mp3', 'residual.mp3', 'vocals.mp3']);
  for (const { name, url } of links) {
    const sha256 = await sha256Behind(url);
    if (name.endsWith('.mp3')) assert.equal(stored.get(sha256), name);
  }
}

/** Nothing is computed; everything else is as it is. @param stored is told of every file that is encoded */
function worldIn({ blobs, control }: House, rooms: readonly Room[], stored: Map<string, string>): FakeWorld {
  const pathOf = new Map<string, DeliveryPath>();
  function chatOf(jobId: string): ChatActivities {
    const path = pathOf.get(jobId);
    assert.ok(path !== undefined, 'the job was opened');
    return path.chat;
  }
  return createFakeWorld(testPlan, {
    ...control,
    async openJob(input) {
      const opened = await control.openJob(input);
      const room = rooms.find(({ chat }) => chat.address.platform === input.request.address.platform);
      if (room !== undefined) pathOf.set(opened.jobId, room.path);
      return opened;
    },
    postCard: async (input) => await chatOf(input.jobId).postCard(input),
    deliverOutcome: async (input) => await chatOf(input.jobId).deliverOutcome(input),
    async collectAttachment({ jobId }) {
      return { ...(await put(blobs, `sources/${jobId}`, randomBytes(100))), title: 'song.mp3' };
    },
    decodeRecording: async ({ jobId, source }) => await Promise.resolve(testRecording(source.sha256, jobId)),
    async separateNode() {
      return await Promise.resolve({ slots: { vocals: pcm('vocals'), accompaniment: pcm('accompaniment') } });
    },
    async finishStems({ jobId, recording }) {
      return await Promise.resolve(testResult(recording.sha256, jobId).finished);
    },
    async encodeStems({ jobId, stems, encoding: { format, kbps } }) {
      const bytes = BYTES_OF[String(kbps)] ?? 0;
      return await Promise.all(
        stems.map(async ({ name }) => {
          const fileName = `${name}.${format}`;
          const key = `encoded/${jobId}-${String(kbps)}/${fileName}`;
          const blob = await put(blobs, key, randomBytes(bytes));
          stored.set(blob.sha256, fileName);
          return { name, fileName, blob, kind: 'sound' as const, durationSeconds: 10 };
        }),
      );
    },
    makePreview: async () => await Promise.resolve(refuse('internal')),
  });
}
