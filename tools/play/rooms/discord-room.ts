import { createDiscordEmulator } from '../../emulators/discord/discord-emulator.ts';
import { ADA, BEN, CLEO, NEW_SONG, OVERDUBS, REHEARSAL, SONGS } from '../../emulators/discord/options.ts';
import type { PlayRoom } from '../room.ts';
import { offeredCommands, offeredShortcuts } from './offered.ts';

/** A channel with a private thread, a forum's post, and Ada's private chat; with Discord's limits. */
export async function openDiscordRoom(): Promise<PlayRoom> {
  const emulator = await createDiscordEmulator({ rateLimits: 'on' });
  return {
    emulator,
    title: 'Discord',
    people: [ADA, BEN, CLEO].map(({ id, displayName }) => ({ id, name: displayName })),
    places: [
      { id: REHEARSAL.id, thread: null, name: `# ${REHEARSAL.name}` },
      { id: REHEARSAL.id, thread: OVERDUBS.id, name: `🔒 ${OVERDUBS.name}` },
      { id: SONGS.id, thread: NEW_SONG.id, name: `${SONGS.name}: ${NEW_SONG.name}` },
      { id: emulator.directChat(ADA.id), thread: null, name: 'Ada and Woodshed' },
    ],
    shortcuts: offeredShortcuts(),
    commands: offeredCommands(),
  };
}
