import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REST } from 'discord.js';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { NEW_SONG, SONGS } from '../../tools/emulators/discord/options.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { DONE, exampleCard } from '../core/port-example.test-kit.ts';
import { createDiscordPort } from './outbound.ts';

test('a card in an archived thread is still changed, and in a locked one it is gone', async () => {
  const discord = await createDiscordEmulator();
  try {
    const rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token);
    const port = createDiscordPort({ rest, uploadLimitBytes: async () => await Promise.resolve(1e7), ownHost: null });
    const address: ChatAddress = { platform: 'discord', botId: discord.botId, chatId: SONGS.id, threadId: NEW_SONG.id };
    const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
    discord.archiveThread(NEW_SONG.id);
    await port.editCard(address, messageId, exampleCard({ version: 2 }, DONE), []);
    assert.match(discord.conversation.find(SONGS.id, messageId)?.text ?? '', /-18\.2 LUFS/u);

    discord.archiveThread(NEW_SONG.id, true);
    await assert.rejects(
      port.editCard(address, messageId, exampleCard({ version: 3 }, DONE), []),
      (error) => error instanceof SendError && error.outcome === 'gone',
    );
    assert.equal(await port.removeStray(address, messageId), false);
    assert.deepEqual(discord.specReport().violations, []);
  } finally {
    await discord.close();
  }
});
