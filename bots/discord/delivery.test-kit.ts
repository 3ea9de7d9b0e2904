/** The way out to an emulated Discord with a server of many channels, and what Temporal does when a call fails. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { REST } from 'discord.js';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, GUILD, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import type { ChannelSeed, DiscordOptions } from '../../tools/emulators/discord/options.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { openDeliveryPath } from '../core/delivery-path.test-kit.ts';
import type { AskedJob, DeliveryPath, House } from '../core/delivery-path.test-kit.ts';
import { createDiscordPort } from './outbound.ts';
import { createRestOptions } from './rest-options.ts';
import { createTokenWatch } from './token-watch.ts';
import type { TokenWatch } from './token-watch.ts';

const UPLOAD_BYTES = 10 * 1024 * 1024;
const RETRY_MS = 100;
const MOST_TRIES = 60;

export interface DiscordDelivery {
  readonly discord: DiscordEmulator;
  readonly watch: TokenWatch;
  readonly rest: REST;
  readonly port: ChatPort;
  readonly path: DeliveryPath;
  /** Of Ada, in the server's channel of this number. */
  ask(channel: number): Promise<AskedJob>;
  close(): Promise<void>;
}

/**
 * @param channels of the server; null: those that it usually has
 * @param callLimitMs how long the bot waits for an answer; null: as it does
 */
export async function openDelivery(
  house: House,
  {
    channels,
    callLimitMs = null,
    ...options
  }: DiscordOptions & { channels: number | null; callLimitMs?: number | null },
): Promise<DiscordDelivery> {
  const discord = await createDiscordEmulator({
    ...options,
    ...(channels === null ? {} : { guilds: [guildOf(channels)] }),
  });
  const watch = createTokenWatch();
  const rest = new REST({
    ...createRestOptions(discord.apiUrl, watch),
    ...(callLimitMs === null ? {} : { timeout: callLimitMs }),
  }).setToken(discord.token);
  const port = createDiscordPort({
    rest,
    uploadLimitBytes: async () => await Promise.resolve(UPLOAD_BYTES),
    ownHost: new URL(discord.apiUrl).host,
  });
  const path = await openDeliveryPath(house, port, 'discord');
  return {
    discord,
    watch,
    rest,
    port,
    path,
    ask: async (channel) => await path.ask({ address: addressIn(discord, channelId(channel)), requester }),
    async close() {
      await path.stop();
      const { violations } = discord.specReport();
      await discord.close();
      assert.deepEqual(violations, []);
    },
  };
}

export function channelId(channel: number): string {
  return String(BigInt(REHEARSAL.id) + BigInt(1000 + channel));
}

const requester: Requester = { platform: 'discord', userId: ADA.id, displayName: ADA.displayName };

function addressIn({ botId }: DiscordEmulator, chatId: string): ChatAddress {
  return { platform: 'discord', botId, chatId, threadId: null };
}

function guildOf(channels: number): typeof GUILD {
  const seeds = Array.from({ length: channels }, (_, index): ChannelSeed => ({
    ...REHEARSAL,
    id: channelId(index),
    name: `room-${String(index)}`,
    threads: [],
  }));
  return { ...GUILD, channels: seeds };
}

/** Again, and when the platform says when: then. */
export async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === MOST_TRIES || (error instanceof ApplicationFailure && error.nonRetryable === true)) throw error;
      const asked = error instanceof ApplicationFailure ? error.nextRetryDelay : undefined;
      await pause(typeof asked === 'number' ? asked : RETRY_MS);
    }
  }
}

export async function deliver(job: AskedJob): Promise<void> {
  const parcel = await job.parcel('files');
  assert.deepEqual(await persistently(async () => await job.deliver(parcel)), { state: 'delivered' });
}

/** Messages that people see with files of this job. */
export function resultsOf({ conversation }: DiscordEmulator, channel: number, { files }: AskedJob): number {
  const own = new Set(files.map(({ blob }) => blob.sha256));
  const messages = conversation.messages(channelId(channel));
  return messages.filter((message) => message.files.some(({ sha256 }) => own.has(sha256))).length;
}
