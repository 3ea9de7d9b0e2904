/** Songs that were sent together come as an update each, and the command stands below one of them: they are one request. */
import { z } from 'zod';
import type { InboundPayload, NewJobRequest } from '../../workflows/contract/inbound.ts';
import type { AnswerDeps } from '../core/answer.ts';
import type { Inbox } from '../core/jobs.ts';
import { refuseLargeSong } from '../core/large-song.ts';
import type { SongLimits } from '../core/large-song.ts';
import { USUAL_LANGUAGE } from '../core/words/words-of.ts';
import { answerWords } from './answer-words.ts';
import type { AnsweredWords } from './answer-words.ts';
import type { TelegramEvent } from './read-update.ts';

/** What comes of an album after this is an event of its own. */
const QUIET_MS = 1500;
const LOOK_AGAIN_MS = 500;

type AlbumSong = Extract<TelegramEvent, { kind: 'album-song' }>;

/** What is kept of one song until the album is whole: JSON. */
const itemSchema = z.object({
  song: z.custom<AlbumSong['song']>((value) => typeof value === 'object' && value !== null),
  address: z.custom<AlbumSong['address']>((value) => typeof value === 'object' && value !== null),
  requester: z.custom<AlbumSong['requester']>((value) => typeof value === 'object' && value !== null),
  /** True where the command stands below this one. */
  isTold: z.boolean(),
  /** What is to be done with it, whatever its size; null where nobody said so, or it cannot be. */
  request: z.custom<NewJobRequest>((value) => typeof value === 'object').nullable(),
  /** Answers hang on it; 0, which is no message, in what an earlier version held back. */
  messageId: z.number().int().default(0),
});
type Item = z.output<typeof itemSchema>;

export interface Albums {
  /** Once it resolves, the update may be confirmed. What to say to the command below this song; null where there is nothing to say. */
  add(event: AlbumSong): Promise<AnsweredWords | null>;
  /** Goes on with what a process that died was waiting for. */
  resume(): Promise<void>;
  stop(): void;
}

export function createAlbums(
  botId: string,
  deps: AnswerDeps,
  say: (said: Pick<AlbumSong, 'address' | 'messageId'>, lines: readonly string[]) => void,
  onError: (error: unknown) => void,
): Albums {
  const { inbox } = deps;
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  function settleAfter(groupKey: string, ms: number): void {
    clearTimeout(timers.get(groupKey));
    if (stopped) return;
    timers.set(
      groupKey,
      setTimeout(() => void settle(groupKey), ms),
    );
  }

  async function settle(groupKey: string): Promise<void> {
    timers.delete(groupKey);
    try {
      const group = { platform: 'telegram' as const, botId, groupKey, quietMs: QUIET_MS };
      let large: readonly Item[] = [];
      await inbox.settle(group, (items, settled) => {
        const album = readAlbum(readItems(items), readItems(settled), deps.songLimits);
        ({ large } = album);
        return album.payload;
      });
      await tellLarge(large);
      const left = await inbox.heldGroups('telegram', botId);
      if (left.includes(groupKey) && !timers.has(groupKey)) settleAfter(groupKey, LOOK_AGAIN_MS);
    } catch (error) {
      onError(error);
      settleAfter(groupKey, QUIET_MS);
    }
  }

  /** Told once, by whoever settled the album. */
  async function tellLarge(items: readonly Item[]): Promise<void> {
    for (const { address, requester, song, messageId } of items) {
      const { settings } = await deps.bands.of(address, requester);
      const refusal = refuseLargeSong(song, deps.songLimits, settings.language ?? USUAL_LANGUAGE);
      if (refusal !== null) say({ address, messageId }, [refusal.line]);
    }
  }

  return {
    async add(event) {
      const { song, address, requester, messageId, eventKey, groupKey } = event;
      const { request, told } = await requestOf(event, deps);
      const item = { song, address, requester, isTold: event.words !== null, request, messageId };
      await inbox.hold({ platform: 'telegram', botId, eventKey, groupKey, item });
      settleAfter(groupKey, QUIET_MS);
      return told;
    },
    async resume() {
      for (const groupKey of await inbox.heldGroups('telegram', botId)) settleAfter(groupKey, QUIET_MS);
    },
    stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

interface ReadAlbum {
  readonly payload: InboundPayload | null;
  /** Songs that were asked for and are too large; each is told so. */
  readonly large: readonly Item[];
}

function readItems(items: readonly unknown[]): readonly Item[] {
  return items.map((item) => itemSchema.parse(item));
}

/**
 * A job for each song that fits, as the command below one of them says; without one, as each would be done by itself in private.
 * @param settled songs of the same album that were decided upon before: they say what is to be done with the late ones, and wait for
 * that themselves where nobody had said it yet
 */
function readAlbum(items: readonly Item[], settled: readonly Item[], limits: SongLimits): ReadAlbum {
  const known = modelOf(settled);
  const songs = known === null ? [...settled, ...items] : items;
  const model = songs.some(({ isTold }) => isTold) ? modelOf(songs) : (known ?? modelOf(songs));
  if (model === null) return { payload: null, large: [] };
  const large = songs.filter(({ song }) => refuseLargeSong(song, limits, USUAL_LANGUAGE) !== null);
  const requests = songs
    .filter((item) => !large.includes(item))
    .map(({ song, address, requester }): NewJobRequest => ({
      address,
      requester,
      command: { ...model.command, source: song },
    }));
  const [first] = requests;
  if (first === undefined) return { payload: null, large };
  return { payload: requests.length === 1 ? { kind: 'job', request: first } : { kind: 'jobs', requests }, large };
}

function modelOf(songs: readonly Item[]): NewJobRequest | null {
  return (songs.find(({ isTold }) => isTold) ?? songs[0])?.request ?? null;
}

/** What the usual answer would have written into the ledger, held back instead. In private an album without a word is to be split. */
async function requestOf(
  event: AlbumSong,
  deps: AnswerDeps,
): Promise<{ readonly request: NewJobRequest | null; readonly told: AnsweredWords | null }> {
  const { words, song, isPrivate } = event;
  if (words === null && !isPrivate) return { request: null, told: null };
  let request: NewJobRequest | null = null;
  const inbox: Inbox = {
    ...deps.inbox,
    async accept(accepted) {
      const { payload, eventKey } = accepted;
      if (payload.kind !== 'job') return await deps.inbox.accept(accepted);
      ({ request } = payload);
      return { id: eventKey, isNew: true };
    },
  };
  // Ten songs without a word are no ten commands.
  const shares = words === null ? { ...deps.shares, countCommand: async () => ALLOWED } : deps.shares;
  // One that is too large says what is to be done with the others all the same.
  const anySize = { ...song, declaredBytes: null };
  const told = await answerWords(event, words ?? ['split'], anySize, { ...deps, inbox, shares });
  return { request, told: words === null || told.answer.kind === 'accepted' ? null : told };
}

const ALLOWED = { allowed: true } as const;
