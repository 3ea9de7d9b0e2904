/** Musicians who send songs, as many at once as the scale says, and try again as a person does when the bot does not answer. */
import type { Acted, ChatEmulator, PersonAction, PersonFile } from '../emulators/core/emulator.ts';
import { tinySong } from './tiny-song.ts';

export interface SoakSurface {
  readonly emulator: ChatEmulator;
  /** The bot can hear. */
  readonly isConnected: () => boolean;
  /** How a person hands a song over here. */
  readonly send: (song: PersonFile, by: string, chat: string) => PersonAction;
  /** Songs go to these in turn. */
  readonly chats: readonly string[];
  readonly people: readonly string[];
}

export interface SentSong {
  readonly platform: ChatEmulator['platform'];
  readonly chat: string;
  /** In its file name and on its card. */
  readonly title: string;
  /** The platform told the person, or the bot told the platform, that it was taken. */
  readonly acknowledged: boolean;
}

export interface TrafficOptions {
  readonly surfaces: readonly SoakSurface[];
  readonly songsPerPlatform: number;
  readonly inFlight: number;
  readonly seed: number;
  /** True once the song's result stands in its chat. */
  readonly isDelivered: (song: SentSong) => boolean;
  readonly onDelivered: () => void;
  readonly signal: AbortSignal;
}

const MOST_TRIES = 20;
const LOOK_EVERY_MS = 50;
/** A bot that was just killed needs a moment; so does a person. */
const TRY_AGAIN_MS = 1500;

/** Sends every song; resolves when all have their results, or with `signal`. */
export async function sendSongs(options: TrafficOptions): Promise<readonly SentSong[]> {
  const { surfaces, songsPerPlatform, inFlight, seed, signal } = options;
  const sent: SentSong[] = [];
  let taken = 0;
  /** The platforms' songs by turns: a slow one has more of them under way, and all end together. */
  const sendSome = async (): Promise<void> => {
    while (taken < songsPerPlatform * surfaces.length && !signal.aborted) {
      const at = taken % surfaces.length;
      const number = Math.floor(taken / surfaces.length);
      taken += 1;
      const song = await sendSong(surfaces[at] as SoakSurface, number, seed * 1_000_003 + at * 100_003, signal);
      sent.push(song);
      while (song.acknowledged && !options.isDelivered(song) && !signal.aborted) await rest(LOOK_EVERY_MS, signal);
      options.onDelivered();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, inFlight) }, sendSome));
  return sent;
}

/** Tries until it is taken. `member` is the number of the person and of the chat, which come round again and again. */
export async function sendSong(
  surface: SoakSurface,
  number: number,
  seed: number,
  signal: AbortSignal,
  member: number = number,
): Promise<SentSong> {
  const { platform } = surface.emulator;
  const title = `soak-${platform}-${String(number).padStart(5, '0')}`;
  const file = { name: `${title}.wav`, bytes: tinySong(seed + number), mimeType: 'audio/wav' };
  const by = surface.people[member % surface.people.length] as string;
  const chat = surface.chats[member % surface.chats.length] as string;
  let acknowledged = false;
  for (let tries = 0; tries < MOST_TRIES && !acknowledged && !signal.aborted; tries++) {
    if (tries > 0) await rest(TRY_AGAIN_MS, signal);
    const acted: Acted = await surface.emulator.act(surface.send(file, by, chat));
    acknowledged = (await acted.acknowledgedMs) !== null;
  }
  return { platform, chat, title, acknowledged };
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
