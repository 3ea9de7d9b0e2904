/** Songs that were sent together come as an update each, and the command stands below one of them: they are one request. */
import { z } from 'zod';
import type { InboundPayload, NewJobRequest } from '../../workflows/contract/inbound.ts';
import { answerCommand } from '../core/answer-command.ts';
import type { AnswerDeps } from '../core/answer.ts';
import type { Inbox } from '../core/jobs.ts';
import { readCommand } from '../core/read-command.ts';
import type { TelegramEvent } from './read-update.ts';

/** Nothing more of an album comes after this. */
const QUIET_MS = 1500;
const LOOK_AGAIN_MS = 500;

type AlbumSong = Extract<TelegramEvent, { kind: 'album-song' }>;

/** What is kept of one song until the album is whole: JSON. */
const itemSchema = z.object({
  song: z.custom<AlbumSong['song']>((value) => typeof value === 'object' && value !== null),
  address: z.custom<AlbumSong['address']>((value) => typeof value === 'object' && value !== null),
  requester: z.custom<AlbumSong['requester']>((value) => typeof value === 'object' && value !== null),
  /** The request of the song under which the command stands. */
  request: z.custom<NewJobRequest>((value) => typeof value === 'object').nullable(),
});

export interface Albums {
  /** Once it resolves, the update may be confirmed. Lines to say where the command under this song is none. */
  add(event: AlbumSong): Promise<readonly string[] | null>;
  /** Goes on with what a process that died was waiting for. */
  resume(): Promise<void>;
  stop(): void;
}

export function createAlbums(botId: string, deps: AnswerDeps, onError: (error: unknown) => void): Albums {
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
      await inbox.settle(group, payloadOf);
      const left = await inbox.heldGroups('telegram', botId);
      if (left.includes(groupKey) && !timers.has(groupKey)) settleAfter(groupKey, LOOK_AGAIN_MS);
    } catch (error) {
      onError(error);
      settleAfter(groupKey, QUIET_MS);
    }
  }

  return {
    async add(event) {
      const { song, address, requester, eventKey, groupKey } = event;
      const read = await requestOf(event, deps);
      const item = { song, address, requester, request: read.request };
      await inbox.hold({ platform: 'telegram', botId, eventKey, groupKey, item });
      settleAfter(groupKey, QUIET_MS);
      return read.lines;
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

/** A job for each song, as the one request among them says; none where nobody said what to do. */
function payloadOf(items: readonly unknown[]): InboundPayload | null {
  const songs = items.map((item) => itemSchema.parse(item));
  const model = songs.find(({ request }) => request !== null)?.request;
  if (model === undefined || model === null) return null;
  const requests = songs.map(({ song, address, requester }): NewJobRequest => ({
    address,
    requester,
    command: { ...model.command, source: song },
  }));
  const [first] = requests;
  if (first === undefined) return null;
  return requests.length === 1 ? { kind: 'job', request: first } : { kind: 'jobs', requests };
}

/** What the usual answer would have written into the ledger, held back instead. */
async function requestOf(
  { words, song, address, requester, eventKey }: AlbumSong,
  deps: AnswerDeps,
): Promise<{ readonly request: NewJobRequest | null; readonly lines: readonly string[] | null }> {
  if (words === null) return { request: null, lines: null };
  const read = readCommand(words, deps.strategies);
  if ('failure' in read || read.command.kind !== 'split') return { request: null, lines: null };
  let request: NewJobRequest | null = null;
  const held: Inbox = {
    ...deps.inbox,
    async accept({ payload }) {
      if (payload.kind === 'job') ({ request } = payload);
      return await Promise.resolve({ id: eventKey, isNew: true });
    },
  };
  const answer = await answerCommand(
    { command: read.command, sources: [song], address, requester, eventKey },
    { ...deps, inbox: held },
  );
  return { request, lines: answer.kind === 'accepted' ? null : answer.lines };
}
