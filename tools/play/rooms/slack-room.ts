import { ADA, BEN, CLEO, DEMOS, REHEARSAL } from '../../emulators/slack/options.ts';
import { createSlackEmulator } from '../../emulators/slack/slack-emulator.ts';
import { homeChat } from '../../emulators/slack/views.ts';
import type { PlayRoom } from '../room.ts';
import { offeredCommands, offeredShortcuts } from './offered.ts';

/** Two channels, and Ada's direct messages and App Home; Socket Mode. */
export async function openSlackRoom(): Promise<PlayRoom> {
  const emulator = await createSlackEmulator({ rateLimits: 'internal' });
  const home = homeChat(ADA.id);
  return {
    emulator,
    title: 'Slack',
    people: [ADA, BEN, CLEO].map(({ id, realName }) => ({ id, name: realName })),
    places: [
      { id: REHEARSAL.id, thread: null, name: `# ${REHEARSAL.name}` },
      { id: DEMOS.id, thread: null, name: `🔒 ${DEMOS.name}` },
      { id: emulator.directChat(ADA.id), thread: null, name: 'Ada and Woodshed' },
      { id: home, thread: null, name: 'Ada’s App Home' },
    ],
    shortcuts: offeredShortcuts(),
    // A workspace's commands share one name space, so there is one.
    commands: offeredCommands().map((command) => (command.startsWith('/jam') ? command : `/jam ${command.slice(1)}`)),
    async enter(chat) {
      if (chat === home) await emulator.openHome(ADA.id);
    },
  };
}
