import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlayRoom } from '../room.ts';
import { openDiscordRoom } from './discord-room.ts';
import { openSlackRoom } from './slack-room.ts';
import { openTelegramRoom } from './telegram-room.ts';

const ROOMS: Readonly<Record<string, () => Promise<PlayRoom>>> = {
  discord: openDiscordRoom,
  slack: openSlackRoom,
  telegram: openTelegramRoom,
};

for (const [platform, open] of Object.entries(ROOMS)) {
  describe(`the room of ${platform}`, () => {
    it('has people, places where the first of them can speak, and the variables of its bot', async () => {
      const room = await open();
      try {
        const { emulator } = room;
        assert.equal(emulator.platform, platform);
        assert.ok(Object.values(emulator.botEnv).some((value) => value.startsWith('http://127.0.0.1:')));
        assert.ok(room.commands.length > 3);
        assert.ok(room.people.length > 1);
        const [first] = room.people;
        for (const { id, thread } of room.places.filter((place) => !place.id.startsWith('home:'))) {
          const text = `hello in ${id} ${String(thread)}`;
          const bytes = new TextEncoder().encode(text);
          await emulator.act({
            kind: 'message',
            by: first?.id ?? '',
            at: { chat: id, thread },
            text,
            files: [{ name: 'a.flac', bytes, mimeType: 'audio/flac' }],
            replyTo: null,
          });
          const seen = emulator.conversation.messages(id).find((message) => message.text === text);
          assert.equal(seen?.thread, thread);
          assert.deepEqual(Buffer.from(emulator.fileBytes?.(seen?.files[0]?.sha256 ?? '') ?? []), Buffer.from(bytes));
        }
      } finally {
        await room.emulator.close();
      }
    });
  });
}
