/** The emulators with the rooms and people of a soak, and how a person hands a song over on each. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatEmulator } from '../emulators/core/emulator.ts';
import { createDiscordEmulator } from '../emulators/discord/discord-emulator.ts';
import { ADA as DISCORD_ADA, GUILD, REHEARSAL as PORCH } from '../emulators/discord/options.ts';
import { ADA as SLACK_ADA, BAND, BEN as SLACK_BEN, REHEARSAL } from '../emulators/slack/options.ts';
import type { ChannelSeed } from '../emulators/slack/options.ts';
import { createSlackEmulator } from '../emulators/slack/slack-emulator.ts';
import { ADA, BEN, FORUM, GROUP } from '../emulators/telegram/options.ts';
import { createTelegramEmulator } from '../emulators/telegram/telegram-emulator.ts';
import type { SoakSurface } from './traffic.ts';

export const PLATFORMS = ['discord', 'slack', 'telegram'] as const;
export type SoakPlatform = (typeof PLATFORMS)[number];

export interface Surfaces {
  readonly all: readonly SoakSurface[];
  /** Points the bots at their emulators. */
  readonly botEnv: Readonly<Record<string, string>>;
  /** Resolves when every bot has called its platform. */
  untilConnected(): Promise<void>;
  close(): Promise<void>;
}

/** A call that hangs does so longer than any bot waits for it, and not much longer. */
const HANG_MS = 17_000;
/** Minutes between Slack's retries become seconds. */
const SLACK_RETRIES_MS = [0, 2000, 5000, 10_000, 20_000];
/** Five messages in five seconds, or one a second, is what a channel takes: in two of them the platform would be what is measured. */
const DISCORD_CHANNELS = 10;
const SLACK_CHANNELS: readonly ChannelSeed[] = Array.from({ length: 10 }, (_, index) => ({
  ...REHEARSAL,
  id: `C0SOAKROO${String(index)}`,
  name: `room-${String(index)}`,
}));
const CONNECT_LIMIT_MS = 120_000;

/** With `crowd`, Discord alone: so many people, each with a channel of their own. */
export async function openSurfaces(
  seed: number,
  platforms: readonly SoakPlatform[],
  crowd: number | null = null,
): Promise<Surfaces> {
  const opening = crowd === null ? platforms.map(async (name) => await OPEN[name](seed)) : [openCrowd(seed, crowd)];
  const all = await Promise.all(opening);
  const emulators = all.map(({ emulator }) => emulator);
  return {
    all,
    botEnv: Object.assign({}, ...emulators.map(({ botEnv }) => botEnv)) as Record<string, string>,
    async untilConnected() {
      for (const deadline = Date.now() + CONNECT_LIMIT_MS; !all.every(({ isConnected }) => isConnected());) {
        const missing = all.filter(({ isConnected }) => !isConnected()).map(({ emulator }) => emulator.platform);
        if (Date.now() > deadline) throw new Error(`these bots did not connect: ${missing.join(', ')}`);
        await pause(100);
      }
    },
    async close() {
      await Promise.all(emulators.map(async (emulator) => await emulator.close()));
    },
  };
}

const OPEN: Readonly<Record<SoakPlatform, (seed: number) => Promise<SoakSurface>>> = {
  discord: async (seed) => await openCrowd(seed, DISCORD_CHANNELS),
  async slack(seed) {
    const emulator = await createSlackEmulator({
      seed,
      hangMs: HANG_MS,
      eventRetryDelaysMs: SLACK_RETRIES_MS,
      honoursFileIds: false,
      workspaces: [{ ...BAND, channels: SLACK_CHANNELS }],
    });
    const mention = `<@${emulator.bot().userId}>`;
    return {
      emulator,
      chats: SLACK_CHANNELS.map(({ id }) => id),
      people: [SLACK_ADA.id, SLACK_BEN.id],
      isConnected: () => emulator.socketConnections() > 0,
      send: (file, by, chat) => ({
        kind: 'message',
        by,
        at: { chat, thread: null },
        text: `${mention} split`,
        files: [file],
        replyTo: null,
      }),
    };
  },
  async telegram(seed) {
    const emulator = await createTelegramEmulator({ seed, hangMs: HANG_MS });
    return {
      emulator,
      chats: [String(FORUM.id), String(GROUP.id)],
      people: [String(ADA.id), String(BEN.id)],
      isConnected: () => called(emulator, /^getUpdates$/u),
      send: (file, by, chat) => ({
        kind: 'message',
        by,
        at: { chat, thread: null },
        text: '/split',
        files: [file],
        replyTo: null,
      }),
    };
  },
};

async function openCrowd(seed: number, size: number): Promise<SoakSurface> {
  const numbers = Array.from({ length: size }, (_, index) => String(index).padStart(4, '0'));
  const people = numbers.map((number) => ({
    ...DISCORD_ADA,
    id: `19000000000001${number}`,
    username: `musician_${number}`,
    displayName: `Musician ${number}`,
  }));
  const channels = numbers.map((number) => ({
    ...PORCH,
    id: `49000000000001${number}`,
    name: `porch-${number}`,
    threads: [],
  }));
  const guild = { ...GUILD, ownerId: people[0]?.id ?? '', members: idsOf(people), roles: [], channels };
  const emulator = await createDiscordEmulator({ seed, hangMs: HANG_MS, people, guilds: [guild] });
  return discordSurface(emulator, idsOf(people), idsOf(channels));
}

function discordSurface(emulator: ChatEmulator, people: readonly string[], chats: readonly string[]): SoakSurface {
  return {
    emulator,
    chats,
    people,
    isConnected: () => called(emulator, /commands/u),
    send: (file, by, chat) => ({
      kind: 'command',
      by,
      at: { chat, thread: null },
      verb: 'split',
      options: {},
      text: '',
      file,
    }),
  };
}

function idsOf(all: readonly { readonly id: string }[]): readonly string[] {
  return all.map(({ id }) => id);
}

function called(emulator: ChatEmulator, method: RegExp): boolean {
  return emulator.requests.some((request) => method.test(request.method));
}
