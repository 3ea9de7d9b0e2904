import { ADA, BEN, CLEO, FORUM, GROUP, PRIVATE_CHAT } from '../../emulators/telegram/options.ts';
import { createTelegramEmulator } from '../../emulators/telegram/telegram-emulator.ts';
import type { PlayRoom } from '../room.ts';
import { offeredCommands } from './offered.ts';

/** A private chat, a group and a forum; no message menu, as there is none for bots. */
export async function openTelegramRoom(): Promise<PlayRoom> {
  const chat = (id: number, name: string): { id: string; thread: null; name: string } => ({
    id: String(id),
    thread: null,
    name,
  });
  return {
    emulator: await createTelegramEmulator({ floodLimits: true }),
    title: 'Telegram',
    people: [ADA, BEN, CLEO].map(({ id, firstName }) => ({ id: String(id), name: firstName })),
    places: [
      chat(PRIVATE_CHAT.id, 'Ada and Woodshed'),
      chat(GROUP.id, GROUP.title ?? ''),
      chat(FORUM.id, FORUM.title ?? ''),
      ...(FORUM.topics ?? []).map(({ id, name }) => ({ id: String(FORUM.id), thread: String(id), name: `# ${name}` })),
    ],
    shortcuts: [],
    // Telegram has no sub-commands: a menu shows the first word.
    commands: [...new Set(offeredCommands().map((command) => command.split(' ')[0] ?? command))],
  };
}
