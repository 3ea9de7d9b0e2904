/** A Discord of one's own on a loopback port, for one bot: no account, no internet. */
import { createConversation } from '../core/conversation.ts';
import type { ChatEmulator } from '../core/emulator.ts';
import { noFaults } from '../core/faults.ts';
import type { Faults } from '../core/faults.ts';
import { openSpecCheck } from '../core/spec-check.ts';
import { createClock } from '../core/emulated-clock.ts';
import { seededRandom } from '../core/seeded-random.ts';
import { createAttachmentStore } from './attachment-store.ts';
import { createCommandStore } from './command-store.ts';
import { createControls } from './controls.ts';
import type { DiscordControls } from './controls.ts';
import type { Emulation } from './emulation.ts';
import { createGateway } from './gateway.ts';
import { createIds } from './ids.ts';
import { createInteractions } from './interactions.ts';
import { createInvalidRequests } from './invalid-requests.ts';
import { createNonceMemory } from './nonce-memory.ts';
import { ADA, BEN, BOT, CLEO, GUILD } from './options.ts';
import type { DiscordOptions } from './options.ts';
import { act } from './people.ts';
import { createRateLimits } from './rate-limits.ts';
import { startRestServer } from './rest-server.ts';
import type { DiscordRequest } from './rest-server.ts';
import { wireGuild, wireUser } from './to-wire.ts';
import { createMessageWriter } from './wire-message.ts';
import { createWorld } from './world.ts';

export interface DiscordEmulator extends ChatEmulator, DiscordControls {
  readonly requests: readonly DiscordRequest[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const HEARTBEAT_MS = 41_250;

export async function createDiscordEmulator(options: DiscordOptions = {}): Promise<DiscordEmulator> {
  const { acknowledgeMs = 3000, hangMs = 30_000, faultRetryAfterSeconds = 1, messageContent = false } = options;
  const random = seededRandom(options.seed ?? 1);
  const clock = createClock(options.speed ?? 1);
  const ids = createIds(clock, random);
  const bot = options.bot ?? BOT;
  const token = options.token ?? `${Buffer.from(bot.id).toString('base64url')}.${ids.secret(6)}.${ids.secret(38)}`;
  const world = createWorld(bot, options.people ?? [ADA, BEN, CLEO], options.guilds ?? [GUILD], ids);
  const limits = createRateLimits(clock, options.rateLimits ?? 'off', options.requestsPerSecond);
  const invalid = createInvalidRequests(clock);
  const conversation = createConversation();
  const spec = await openSpecCheck('discord', options.specsDir);
  let faults: Faults = noFaults();

  let made: Emulation | null = null;
  const settings = { hangMs, faultRetryAfterSeconds, random, limits, invalid, spec, faults: () => faults };
  const server = await startRestServer(settings, (origin) => {
    const attachments = createAttachmentStore(ids, clock, options.attachmentUrlLifeMs ?? DAY_MS, () => origin);
    const emulation: Emulation = {
      world,
      clock,
      ids,
      conversation,
      attachments,
      write: createMessageWriter(world, attachments),
      commands: createCommandStore(ids),
      interactions: createInteractions(clock, ids, acknowledgeMs),
      nonces: createNonceMemory(clock, options.nonceLifeMs ?? 5 * MINUTE_MS),
      gateway: createGateway(clock, ids, {
        token: () => emulation.token,
        hasMessageContent: messageContent,
        heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
        resumableMs: options.resumableMs ?? 3 * MINUTE_MS,
        sessionStarts: options.sessionStarts ?? 1000,
        origin: () => origin,
        greet() {
          const guilds = [...world.guilds.values()].filter(({ hasBot }) => hasBot);
          return {
            ready: {
              user: { ...wireUser(bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
              application: { id: bot.id, flags: 0 },
              guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
            },
            guilds: guilds.map((guild) => wireGuild(world, guild)),
          };
        },
      }),
      hasMessageContent: messageContent,
      attachmentBytes: options.attachmentBytes ?? null,
      token,
      origin: () => origin,
    };
    made = emulation;
    return emulation;
  });
  const emulation = made as Emulation | null;
  if (emulation === null) throw new TypeError('the server did not start');
  const controls = createControls(emulation, limits, invalid);

  return Object.assign(controls, {
    platform: 'discord' as const,
    botEnv: { DISCORD_TOKEN: token, DISCORD_API_URL: controls.apiUrl },
    conversation,
    requests: server.requests,
    setFaults(next: Faults) {
      faults = next;
    },
    // Async, so that what Discord has not is a rejection.
    act: async (action: Parameters<ChatEmulator['act']>[0]) => await Promise.resolve(act(emulation, action)),
    specReport: () => spec.report(),
    fileBytes: (sha256: string) => emulation.attachments.bySha256(sha256)?.bytes ?? null,
    async close() {
      emulation.interactions.close();
      await emulation.gateway.close();
      clock.close();
      await server.close();
    },
  });
}
