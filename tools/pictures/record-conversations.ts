/**
 * Writes `docs/<platform>.svg`: one whole conversation on each platform's emulator, with the real bots, the real model and the example song.
 * `node tools/pictures/record-conversations.ts [discord|slack|telegram …]`
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogger } from '../../runtime/log.ts';
import type { PersonFile, PersonPlace } from '../emulators/core/emulator.ts';
import type { SlackEmulator } from '../emulators/slack/slack-emulator.ts';
import { openDiscordRoom } from '../play/rooms/discord-room.ts';
import { openSlackRoom } from '../play/rooms/slack-room.ts';
import { openTelegramRoom } from '../play/rooms/telegram-room.ts';
import type { PlayRoom } from '../play/room.ts';
import { openSoakHouse } from '../soak/soak-house.ts';
import { visibleText } from '../soak/judge.ts';
import { chatPicture } from './chat-picture.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SONG = 'back-porch-take.flac';
const CONFIG = `
strategies:
  vocals: { _: spleeter-2stems, vocals: vocals, accompaniment: accompaniment }
defaults: { strategy: vocals, quality: best, format: mp3 }
`;
const RESULT_LIMIT_MS = 180_000;
const ANSWER_LIMIT_MS = 30_000;
const EXTRAS_MS = 4000;
const CHORDS = 'Chords';

const ROOMS = { discord: openDiscordRoom, slack: openSlackRoom, telegram: openTelegramRoom } as const;
type Platform = keyof typeof ROOMS;
const PLATFORMS = Object.keys(ROOMS) as Platform[];

/** What is said, as people say it there. */
async function talk(platform: Platform, room: PlayRoom, song: PersonFile): Promise<string> {
  const { emulator } = room;
  const [ada = '', ben = ''] = room.people.map(({ id }) => id);
  const place =
    room.places.find(({ name, thread }) => thread === null && /rehearsal|garage/iu.test(name)) ?? room.places[0];
  if (place === undefined) throw new RangeError('a room without places');
  const at: PersonPlace = { chat: place.id, thread: null };
  const say = async (by: string, text: string): Promise<void> => {
    await emulator.act({ kind: 'message', by, at, text, files: [], replyTo: null });
  };
  const until = async (pattern: RegExp, limitMs: number): Promise<void> => {
    await emulator.conversation.until(({ by, text }) => by === 'bot' && pattern.test(visibleText(text)), limitMs);
  };
  await say(ada, 'Last night on the back porch. Can somebody learn the bass by Friday?');
  await say(ben, 'Send it over, I need it without the voice.');
  if (platform === 'discord') {
    await emulator.act({ kind: 'command', by: ada, at, verb: 'split', options: {}, text: '', file: song });
  } else {
    const mention = 'bot' in emulator ? `<@${(emulator as SlackEmulator).bot().userId}> split` : '/split';
    await emulator.act({ kind: 'message', by: ada, at, text: mention, files: [song], replyTo: null });
  }
  await until(/LUFS/u, RESULT_LIMIT_MS);
  // The job ends, and what is nice to have comes, a moment after the result.
  await pause(EXTRAS_MS);
  await say(ben, 'Perfect, thanks! And what do I play?');
  await pressChords(emulator, ben, at);
  await emulator.conversation.until(({ by, files }) => by === 'bot' && files.some(isChart), RESULT_LIMIT_MS);
  await pause(EXTRAS_MS);
  const spoken = ({ by }: { readonly by: string }): boolean => by === 'bot';
  const before = emulator.conversation.messages(place.id).filter(spoken).length;
  const [verb, text] = platform === 'slack' ? ['jam', 'jobs'] : ['jobs', ''];
  await emulator.act({ kind: 'command', by: ben, at, verb, options: {}, text, file: null });
  for (const deadline = Date.now() + ANSWER_LIMIT_MS; Date.now() < deadline; await pause(50)) {
    if (emulator.conversation.messages(place.id).filter(spoken).length > before) break;
  }
  return place.id;
}

/** On the card of the stems, wherever it stands. */
async function pressChords({ conversation, act }: PlayRoom['emulator'], by: string, at: PersonPlace): Promise<void> {
  const card = conversation.messages(at.chat).find(({ buttons }) => buttons.some(({ label }) => label === CHORDS));
  if (card === undefined) throw new Error(`no button ${CHORDS}`);
  await act({ kind: 'press', by, at: { ...at, thread: card.thread }, messageId: card.id, label: CHORDS });
}

function isChart({ name }: { readonly name: string }): boolean {
  return name.startsWith('chords') && name.endsWith('.png');
}

async function record(platform: Platform, song: PersonFile): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-picture-'));
  const log = createLogger({ name: 'pictures', level: 'warn', destination: { file: join(folder, 'log') } });
  const room = await ROOMS[platform]();
  try {
    const house = await openSoakHouse({
      folder,
      config: CONFIG,
      env: room.emulator.botEnv,
      bots: [platform],
      log,
      tell: (line) => console.error(line),
    });
    try {
      // The bot announces nothing: it is there when it has called.
      while (room.emulator.requests.length < 2) await pause(100);
      await pause(3000);
      const chat = await talk(platform, room, song);
      const chats = room.places.filter(({ thread }) => thread === null);
      const names = new Map([...chats, ...room.people].map(({ id, name }) => [id, name]));
      const svg = chatPicture({
        platform,
        events: room.emulator.conversation.events,
        nameOf: (id) => (id === 'bot' ? 'Woodshed' : (names.get(id) ?? id)),
        chats: [chat],
        timeZone: 'UTC',
      });
      await writeFile(join(ROOT, 'docs', `${platform}.svg`), svg);
    } finally {
      await house.stop();
    }
  } finally {
    await room.emulator.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const wanted = process.argv.slice(2);
const song = { name: SONG, bytes: await readFile(join(ROOT, 'examples', SONG)), mimeType: 'audio/flac' };
for (const platform of PLATFORMS.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  console.error(`${platform} …`);
  await record(platform, song);
}
process.exit();
