import assert from 'node:assert/strict';
import { once } from 'node:events';
import { REST } from 'discord.js';
import type { ChatInputCommandInteraction, Client } from 'discord.js';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, OVERDUBS, REHEARSAL, RHYTHM_SECTION } from '../../tools/emulators/discord/options.ts';
import { testChatPort } from '../core/chat-port.test-kit.ts';
import type { PortFault, PortRoom, SeenPost } from '../core/chat-port.test-kit.ts';
import { songOf } from './attachments.ts';
import { connectDiscord } from './connect.ts';
import type { DiscordConnection } from './connect.ts';
import { createDiscordPort } from './outbound.ts';
import { readSlashCommand } from './read-interaction.ts';
import { AUDIO_OPTION, registerCommands } from './register-commands.ts';
import { createRestOptions } from './rest-options.ts';
import { createTokenWatch } from './token-watch.ts';

const SENDS = ['POST /channels/{channel_id}/messages', 'PATCH /channels/{channel_id}/messages/{message_id}'];
const HANG_MS = 20_000;
const CALL_LIMIT_MS = 2000;

async function openRoom(): Promise<PortRoom> {
  const emulator = await createDiscordEmulator({ hangMs: HANG_MS });
  const { token, apiUrl } = emulator;
  const rest = new REST({
    api: apiUrl,
    retries: 0,
    // The suite asks again at once, whatever Discord asked for.
    rejectOnRateLimit: () => true,
    timeout: CALL_LIMIT_MS,
    // The suite edits faster than Discord would ever let it.
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
  }).setToken(token);
  let connection: DiscordConnection | null = null;
  const port = createDiscordPort({
    rest,
    uploadLimitBytes: async () => await Promise.resolve(10 * 1024 * 1024),
    ownHost: new URL(apiUrl).host,
  });

  async function connected(): Promise<Client> {
    if (connection === null) {
      const onError = (error: unknown): void => assert.fail(String(error));
      const watch = createTokenWatch();
      connection = await connectDiscord({
        token,
        watch,
        rest: createRestOptions(apiUrl, watch),
        onError,
        listen: () => ({ stop: async () => await Promise.resolve() }),
      });
      await registerCommands(rest, emulator.botId, null);
    }
    return connection.client;
  }

  function seen(message: SeenMessage): SeenPost {
    return {
      id: message.id,
      text: message.text,
      files: new Map(
        message.files.map(({ name, sha256 }) => [name, emulator.fileBytes?.(sha256) ?? new Uint8Array()] as const),
      ),
      pings: message.pings,
      textLinks: [
        ...(message.text.match(/https?:\/\/\S+/gu) ?? []),
        ...message.buttons.flatMap(({ url }) => (url === null ? [] : [url])),
      ],
      entries: message.buttons.flatMap(({ label, menu }) => (menu === undefined ? [] : [label])),
    };
  }

  async function attach(name: string, bytes: Uint8Array): ReturnType<PortRoom['attach']> {
    const client = await connected();
    const coming = once(client, 'interactionCreate');
    const { acknowledgedMs } = await emulator.act({
      kind: 'command',
      by: ADA.id,
      at: { chat: REHEARSAL.id, thread: OVERDUBS.id },
      verb: 'split',
      options: { want: 'vocals' },
      text: '',
      file: { name, bytes, mimeType: 'audio/flac' },
    });
    const [interaction] = (await coming) as [ChatInputCommandInteraction];
    await interaction.deferReply();
    assert.ok((await acknowledgedMs) !== null);
    await interaction.deleteReply();
    assert.equal(interaction.options.getAttachment(AUDIO_OPTION)?.size, bytes.byteLength);
    const { songs } = readSlashCommand(interaction);
    assert.ok(songs[0] !== undefined, 'the song came in');
    return songs[0];
  }

  return {
    port,
    address: { platform: 'discord', botId: emulator.botId, chatId: REHEARSAL.id, threadId: OVERDUBS.id },
    requester: { platform: 'discord', userId: ADA.id, displayName: ADA.displayName },
    mostEntries: 25,
    calls: [`<@${ADA.id}>`, `<@!${ADA.id}>`, `<@&${RHYTHM_SECTION.id}>`, '@everyone', '@here'],
    messages: async () =>
      await Promise.resolve(
        emulator.conversation
          .messages(REHEARSAL.id)
          .filter(({ by }) => by === 'bot')
          .map(seen),
      ),
    strays: async () => await Promise.resolve([]),
    attach,
    async unusable() {
      const forged = { id: '1', filename: 'x.mp3', size: 1 };
      const gone = await attach('gone.flac', new Uint8Array(10));
      emulator.advance(2 * 24 * 60 * 60_000);
      return [
        ['an address whose time is over', gone, 'file-missing'],
        ['an address elsewhere', songOf({ ...forged, url: 'http://127.0.0.1:1/x.mp3' }, null), 'file-missing'],
        [
          'a forged address',
          songOf({ ...forged, url: `${new URL(apiUrl).origin}/attachments/1/1/x.mp3` }, null),
          'file-missing',
        ],
      ];
    },
    network: {
      knowsNonces: true,
      befall(fault: PortFault) {
        emulator.setFaults(plannedFaults(SENDS.map((method) => ({ method, fault }))));
      },
      sends: () => emulator.requests.filter(({ method }) => SENDS.includes(method)).length,
      async vanish() {
        await Promise.resolve(emulator.deleteChannel(REHEARSAL.id));
      },
      async limitFiles(bytes) {
        await Promise.resolve(emulator.setAttachmentLimit(bytes));
      },
    },
    async close() {
      await connection?.close();
      const { violations } = emulator.specReport();
      await emulator.close();
      assert.deepEqual(violations, []);
    },
  };
}

testChatPort('Discord', true, openRoom);
