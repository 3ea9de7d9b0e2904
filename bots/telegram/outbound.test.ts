import assert from 'node:assert/strict';
import { Api } from 'grammy';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { ADA, BEN, FORUM } from '../../tools/emulators/telegram/options.ts';
import { createTelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import { testChatPort } from '../core/chat-port.test-kit.ts';
import type { PortFault, PortRoom, SeenPost } from '../core/chat-port.test-kit.ts';
import { writeReference } from './attachment-reference.ts';
import { createTelegramPort } from './outbound.ts';
import { readUpdate } from './read-update.ts';

const CHAT = String(FORUM.id);
const SENDS = new Set(['sendMessage', 'editMessageText', 'editMessageMedia']);
const HANG_MS = 20_000;
const CALL_LIMIT_SECONDS = 2;

async function openRoom(): Promise<PortRoom> {
  const emulator = await createTelegramEmulator({ hangMs: HANG_MS });
  const api = new Api(emulator.token, { apiRoot: emulator.root, timeoutSeconds: CALL_LIMIT_SECONDS });
  const me = await api.getMe();
  const port = createTelegramPort({ api, token: emulator.token, apiRoot: emulator.root, isLocal: false });
  const isSend = ({ method }: { readonly method: string }): boolean => SENDS.has(method);

  function seen(message: SeenMessage): SeenPost {
    return {
      id: message.id,
      // Which no eye sees.
      text: message.text.replaceAll('\u2060', ''),
      files: new Map(
        message.files.map(({ name, sha256 }) => [name, emulator.fileBytes?.(sha256) ?? new Uint8Array()] as const),
      ),
      pings: message.pings,
      textLinks: message.buttons.flatMap(({ url }) => url ?? []),
      entries: message.buttons.flatMap(({ label, menu }) => (menu === undefined ? [] : [label])),
    };
  }

  return {
    port,
    address: { platform: 'telegram', botId: String(me.id), chatId: CHAT, threadId: '11' },
    requester: { platform: 'telegram', userId: String(ADA.id), displayName: ADA.firstName },
    mostEntries: 0,
    calls: [`@${ADA.username ?? ''}`, `@${BEN.username ?? ''}`],
    messages: async () =>
      await Promise.resolve(
        emulator.conversation
          .messages(CHAT)
          .filter(({ by }) => by === 'bot')
          .map(seen),
      ),
    strays: async () => await Promise.resolve([]),
    async attach(name, bytes) {
      const at = { chat: CHAT, thread: '11' };
      const files = [{ name, bytes, mimeType: 'audio/mpeg' }];
      await emulator.act({ kind: 'message', by: String(ADA.id), at, text: '/split', files, replyTo: null });
      const updates = await api.getUpdates({ timeout: 5 });
      const event = updates.map((update) => readUpdate(update, me)).find((read) => read?.kind === 'command');
      assert.ok(event?.kind === 'command' && event.song !== null, 'the song came in');
      await api.getUpdates({ offset: (updates.at(-1)?.update_id ?? 0) + 1 });
      return event.song;
    },
    async unusable() {
      return await Promise.resolve([
        [
          'a file that nobody sent',
          { kind: 'attachment', reference: writeReference({ fileId: 'nobody' }), name: 'x.mp3', declaredBytes: null },
          'file-missing',
        ],
      ]);
    },
    network: {
      knowsNonces: false,
      befall(fault: PortFault) {
        emulator.setFaults(plannedFaults([...SENDS].map((method) => ({ method, fault }))));
      },
      sends: () => emulator.requests.filter(isSend).length,
      async vanish() {
        await Promise.resolve(emulator.deleteChat(CHAT));
      },
      async limitFiles(bytes) {
        await Promise.resolve(emulator.limitUploads(bytes));
      },
    },
    async close() {
      const { violations } = emulator.specReport();
      await emulator.close();
      assert.deepEqual(violations, []);
    },
  };
}

testChatPort('Telegram', true, openRoom);
