/**
 * A new session of the gateway does not repeat what was written while there was none. Commands and presses of that time are lost, and
 * Discord tells their people so; what people wrote to the bot is still in the channels, and is read there.
 */
import type { Client, Message, TextBasedChannel } from 'discord.js';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { callDiscord } from './call-discord.ts';
import { wordsToBot } from './read-interaction.ts';

export interface CatchUpDeps {
  readonly client: Pick<Client, 'channels'>;
  readonly botId: string;
  /** Where the bot was spoken to, the latest first. */
  readonly places: () => Promise<readonly ChatAddress[]>;
  /** Whether the message became an event of the ledger. */
  readonly isWritten: (messageId: string) => Promise<boolean>;
  /** As if it came in now; what came in before changes nothing. */
  readonly hear: (message: Message) => Promise<void>;
  readonly sender: Pick<ChatSender, 'repeat'>;
  readonly onError: (error: unknown) => void;
  /** Ends it after the message that is being heard. */
  readonly stopping: AbortSignal;
}

/** Messages may come in a little out of order, and clocks differ. */
const OVERLAP_MS = 10_000;
/** Of a process that does not know since when it was away. */
const LOOK_BACK_MS = 60 * 60_000;
const LONGEST_GAP_MS = 6 * 60 * 60_000;
const PAGE = 100;
const MOST_PAGES = 5;
/** Each counts against the bot. */
const MOST_REFUSALS = 3;

/** Reads what was written since; null: since this process was stopped, whenever that was. Resolves with how many messages were found. */
export type CatchUp = (leftOffMs: number | null) => Promise<number>;

/** To be called for every new session, with when the last message was written that came in by the one before, in Discord's time. */
export function createCatchUp(deps: CatchUpDeps): CatchUp {
  /** Places that are closed to us. */
  const gone = new Set<string>();
  let last: Promise<number> = Promise.resolve(0);

  async function run(leftOffMs: number | null): Promise<number> {
    const now = Date.now();
    const sinceMs = leftOffMs === null ? now - LOOK_BACK_MS : Math.max(leftOffMs - OVERLAP_MS, now - LONGEST_GAP_MS);
    let found = 0;
    let refusals = 0;
    for (const place of await deps.places()) {
      if (refusals === MOST_REFUSALS || deps.stopping.aborted) break;
      const id = place.threadId ?? place.chatId;
      if (gone.has(id)) continue;
      try {
        for (const message of await unanswered(place, sinceMs)) {
          if (deps.stopping.aborted) break;
          await deps.hear(message);
          found += 1;
        }
      } catch (error) {
        if (error instanceof SendError && error.outcome === 'gone') {
          gone.add(id);
          refusals += 1;
        } else {
          deps.onError(error);
        }
      }
    }
    return found;
  }

  /** What was said to the bot there and has no consequence yet, oldest first. */
  async function unanswered(place: ChatAddress, sinceMs: number): Promise<readonly Message[]> {
    const channel = await open(place);
    if (channel === null) return [];
    const messages: Message[] = [];
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const before = messages.at(-1)?.id;
      const read = await deps.sender.repeat(place, async () => {
        const options = { limit: PAGE, cache: false, ...(before === undefined ? {} : { before }) };
        return await callDiscord(async () => [...(await channel.messages.fetch(options)).values()]);
      });
      messages.push(...read.filter(({ createdTimestamp }) => createdTimestamp >= sinceMs));
      if (read.length < PAGE || messages.at(-1)?.id !== read.at(-1)?.id) break;
    }
    const answered = new Set(
      messages.flatMap(({ author, reference }) => (author.id === deps.botId ? [reference?.messageId] : [])),
    );
    const waiting: Message[] = [];
    for (const message of messages.toReversed()) {
      const isToUs = !message.author.bot && wordsToBot(message, deps.botId) !== null;
      if (isToUs && !answered.has(message.id) && !(await deps.isWritten(message.id))) waiting.push(message);
    }
    return waiting;
  }

  async function open({ chatId, threadId, ...place }: ChatAddress): Promise<TextBasedChannel | null> {
    const { channels } = deps.client;
    const known = channels.cache.get(threadId ?? chatId) ?? null;
    // Of a server we know all channels and all threads that are not archived, and nobody writes in those that are. What is left may
    // be a private chat, of which a new session says nothing.
    const channel =
      known !== null || threadId !== null
        ? known
        : await deps.sender.repeat({ chatId, threadId, ...place }, async () => {
            return await callDiscord(async () => await channels.fetch(chatId));
          });
    return channel?.isTextBased() === true ? channel : null;
  }

  return async (leftOffMs) => {
    // One gap after the other.
    last = last.catch(() => 0).then(async () => await run(leftOffMs));
    return await last;
  };
}
